import { isObject, type JsonObject } from "../../base/json-object.ts";

/** A configuration file as it was read. */
export interface ConfigFile {
  path: string;
  text: string;
}

/** What the kubelet would say of a file, or what a file of YAML says. `why` names no path. */
type Parsed = { value: JsonObject; note: string | null } | { why: string };

const apiVersion = "kubelet.config.k8s.io/v1beta1";
const kind = "KubeletConfiguration";

/**
 * Parses a file of the kubelet's configuration, YAML or JSON. Its kind and version must be the
 * kubelet's own, as in the kubelet itself, which does not start with another.
 */
export async function parseKubeletDocument({ text }: ConfigFile): Promise<Parsed> {
  if (text === "") return { why: "it is empty; the kubelet does not start with an empty file" };
  const parsed = await parseYaml(text);
  if ("why" in parsed) return parsed;
  const found = { kind: parsed.value["kind"], apiVersion: parsed.value["apiVersion"] };
  if (found.kind !== kind) {
    return { why: `its kind is ${word(found.kind)}, where the kubelet wants ${kind}` };
  }
  if (found.apiVersion !== apiVersion) {
    return {
      why: `its apiVersion is ${word(found.apiVersion)}, where the kubelet wants ${apiVersion}`,
    };
  }
  return parsed;
}

function word(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : "missing";
}

/** The first document of a YAML text, which has to be a mapping. Never throws. */
export async function parseYaml(text: string): Promise<Parsed> {
  const { default: yaml } = await import("yaml");
  try {
    // YAML 1.1 is what Kubernetes reads: `on` and `yes` are true, `<<` merges.
    const read = (uniqueKeys: boolean) =>
      yaml.parseAllDocuments(text, { version: "1.1", uniqueKeys, logLevel: "silent" });
    let documents = read(true);
    let first = Array.isArray(documents) ? documents[0] : undefined;
    let note: string | null = null;
    if (first?.errors.some(({ code }) => code === "DUPLICATE_KEY") === true) {
      note = "a key stands there twice; the last one counts";
      documents = read(false);
      first = Array.isArray(documents) ? documents[0] : undefined;
    }
    const error = first?.errors[0];
    if (error !== undefined) return { why: `it is no YAML: ${firstLine(error.message)}` };
    const value: unknown = first?.toJS() ?? {};
    return isObject(value) ? { value, note } : { why: "it is no mapping of keys to values" };
  } catch (error) {
    // Aliases that multiply, and nesting that is deeper than the stack.
    return { why: `it cannot be read as YAML: ${firstLine((error as Error).message)}` };
  }
}

function firstLine(message: string): string {
  return (message.split("\n")[0] as string).replace(/:$/, "").slice(0, 200);
}
