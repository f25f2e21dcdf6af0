export interface Component {
  "bom-ref": string;
  name: string;
  version: string;
}
export interface Part {
  type?: "library" | "platform";
  name: string;
  version: string;
  license: string;
  ref: string;
  hash: { alg: string; content: string };
}
export interface Subject {
  file: string;
  version: string;
  sha256: string;
  seconds: number;
}
export interface Bill {
  serialNumber: string;
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}
export function sbom(subject: Subject, components: Component[]): Bill;
export function bundledComponents(licences: string, lock: object): Component[];
export function component(part: Part): Component;
