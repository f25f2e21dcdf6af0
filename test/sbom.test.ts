import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { suppliedParts } from "../bin/dev/exe/parts.js";
import { bundledComponents, component, sbom } from "../bin/dev/sbom.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const lock = JSON.parse(read("package-lock.json")) as { packages: object };
const licences = read("dist/THIRD-PARTY-LICENSES");
const subject = {
  file: "cryoscope-1.2.3.tgz",
  version: "1.2.3",
  sha256: "ab".repeat(32),
  seconds: 1_700_000_000,
};

/** The schemas of CycloneDX, which one of its libraries carries. */
function validator(): (document: unknown) => string[] {
  const require = createRequire(import.meta.url);
  const library = dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json"));
  const folder = join(library, "res/schema");
  const load = (name: string): { $id?: string } =>
    JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), "utf8")) as object;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  for (const name of ["spdx", "jsf-0.82", "cryptography-defs"]) {
    // They refer to each other by the names of their files, beside the first.
    const { $id: _, ...schema } = load(name);
    ajv.addSchema(schema, `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  const validate = ajv.compile(load("bom-1.6"));
  return (document) =>
    validate(document)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe("a bill of materials", () => {
  const bundled = bundledComponents(licences, lock);
  const supplied = ["x64", "arm64"].flatMap((arch) => suppliedParts(arch).map(component));

  it("lists what the build bundled, and nothing that we only develop with", () => {
    const names = bundled.map((entry) => entry["bom-ref"].replace(/@[^@]*$/, ""));
    const expected = ["commander", "protobufjs", "ink", "yaml", "%40kubernetes/client-node"];
    expect(names).toEqual(expect.arrayContaining(expected.map((name) => `pkg:npm/${name}`)));
    for (const tool of ["vitest", "esbuild", "typescript", "%40biomejs/biome"]) {
      expect(names).not.toContain(`pkg:npm/${tool}`);
    }
    const headings = licences.match(/^\S+ \d+\.\d+\.\d+\S* \(.+\)$/gm) ?? [];
    expect(bundled).toHaveLength(headings.length);
  });

  it("is CycloneDX 1.6, of the tarball and of the executable", () => {
    const faults = validator();
    expect(faults(sbom(subject, bundled))).toEqual([]);
    expect(faults(sbom(subject, [...bundled, ...supplied]))).toEqual([]);
    const broken = component({
      name: "broken",
      version: "1",
      license: "no such licence at all".replaceAll(" ", "-"),
      ref: "pkg:npm/broken@1",
      hash: { alg: "MD4", content: "00" },
    });
    expect(faults(sbom(subject, [broken])).length).toBeGreaterThan(1);
  });

  it("names Node and the libraries that an executable brings", () => {
    const refs = supplied.map((entry) => entry["bom-ref"]);
    expect(refs.filter((ref) => ref.startsWith("pkg:npm/node-linux-"))).toHaveLength(2);
    expect(refs.filter((ref) => /^pkg:deb\/debian\/(libstdc|libgcc)/.test(ref))).toHaveLength(4);
  });

  it("refers to components that it has, and is the same for the same file", () => {
    const bill = sbom(subject, bundled);
    const refs = new Set(bill.components.map((entry) => entry["bom-ref"]));
    expect(refs.size).toBe(bill.components.length);
    const links = bill.dependencies.flatMap(({ dependsOn }) => dependsOn);
    expect(links.filter((ref) => !refs.has(ref))).toEqual([]);
    const ink = bill.dependencies.find(({ ref }) => ref.startsWith("pkg:npm/ink@"));
    expect(ink?.dependsOn.some((ref) => ref.startsWith("pkg:npm/yoga-layout@"))).toBe(true);
    expect(sbom(subject, bundled.toReversed())).toEqual(bill);
    const other = sbom({ ...subject, sha256: "cd".repeat(32) }, bundled);
    expect(other.serialNumber).not.toBe(bill.serialNumber);
  });

  it("refuses a package that no lock file vouches for", () => {
    expect(() => bundledComponents("stranger 1.0.0 (MIT)\n", lock)).toThrow("stranger 1.0.0");
  });

  it("goes with licences that may be passed on", () => {
    const free =
      /^\(?(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|Python-2\.0)( (AND|OR) \w[\w.-]*)*\)?$/;
    for (const [, licence] of licences.matchAll(/^\S+ \d+\.\d+\.\d+\S* \((.+)\)$/gm)) {
      expect(licence).toMatch(free);
    }
    expect(existsSync(join(root, "LICENSE"))).toBe(true);
  });
});
