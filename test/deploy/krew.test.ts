import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { krewArchive, krewManifest } from "../../bin/dev/krew.js";
import { scratch } from "../support/samples.ts";

const sha = (digit: string): string => digit.repeat(64);
const sums = [
  `${sha("a")}  cryoscope-linux-x64.tar.gz`,
  `${sha("b")} *cryoscope-linux-arm64.tar.gz`,
  `${sha("c")}  cryoscope-0.1.0.tgz`,
].join("\n");
const release = {
  version: "0.1.0",
  sums,
  url: "https://host.example/releases/v0.1.0",
  homepage: "https://host.example/cryoscope",
};

interface Platform {
  uri: string;
  sha256: string;
  bin: string;
  files: { from: string; to: string }[];
  selector: { matchLabels: Record<string, string> };
}
interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: Record<string, unknown> & { platforms: Platform[] };
}

/**
 * What Krew itself, and the rules of its index for names and texts, refuse:
 * internal/index/validation/validate.go and docs/developer-guide of kubernetes-sigs/krew.
 */
function faults(file: string, { apiVersion, kind, metadata, spec }: Manifest): string[] {
  const text = (name: string): string => String(spec[name] ?? "");
  const rules: [string, boolean][] = [
    ["apiVersion", apiVersion === "krew.googlecontainertools.github.com/v1alpha2"],
    ["kind", kind === "Plugin"],
    ["name as the file", `${metadata.name}.yaml` === file && /^[\w-]+$/.test(metadata.name)],
    ["name without kubectl", !/kubectl|kube/.test(metadata.name)],
    ["version", /^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(text("version"))],
    ["shortDescription", /^[A-Z][^\r\n]{0,48}[^.\r\n]$/.test(text("shortDescription"))],
    ["no kubectl in shortDescription", !/kubectl|plugin/i.test(text("shortDescription"))],
    ["homepage", /^https:/.test(text("homepage"))],
    ["description", text("description") !== ""],
    ["platforms", spec.platforms.length > 0],
    ["known fields", Object.keys(spec).every((name) => known.has(name))],
  ];
  const own = rules.filter(([, good]) => !good).map(([name]) => name);
  return [...own, ...spec.platforms.flatMap(platformFaults)];
}

const known = new Set("version homepage shortDescription description caveats platforms".split(" "));

function platformFaults({ uri, sha256, bin, files, selector, ...more }: Platform): string[] {
  const labels = Object.entries(selector.matchLabels);
  const archive = uri.split("/").at(-1) ?? "";
  const rules: [string, boolean][] = [
    ["uri", /^https:.*\.(tar\.gz|zip)$/.test(uri)],
    ["sha256", /^[a-f0-9]{64}$/.test(sha256)],
    ["bin is among files", files.some(({ from, to }) => from === bin && to === ".")],
    ["licence is among files", files.some(({ to }) => to === "LICENSE")],
    ["files have both ends", files.every(({ from, to }) => from !== "" && to !== "")],
    [
      "files are of the archive",
      files.every(({ from }) => archive.startsWith(bin) && from.startsWith(bin)),
    ],
    ["selector", labels.length > 0 && labels.every(([key]) => key === "os" || key === "arch")],
    ["known fields", Object.keys(more).length === 0],
  ];
  return rules.filter(([, good]) => !good).map(([name]) => `${uri}: ${name}`);
}

describe("the Krew manifest", () => {
  const text = krewManifest(release);
  const manifest = parse(text) as Manifest;

  it("is one that Krew takes", () => {
    expect(faults("cryoscope.yaml", manifest)).toEqual([]);
    expect(text).not.toContain("@");
  });

  it("has each platform with its own archive and checksum", () => {
    const rows = manifest.spec.platforms.map(({ selector, uri, sha256 }) => [
      selector.matchLabels,
      uri,
      sha256,
    ]);
    expect(rows).toEqual([
      [{ os: "linux", arch: "amd64" }, `${release.url}/cryoscope-linux-x64.tar.gz`, sha("a")],
      [{ os: "linux", arch: "arm64" }, `${release.url}/cryoscope-linux-arm64.tar.gz`, sha("b")],
    ]);
  });

  it.each([
    [{ version: "v0.1.0" }, "is no version"],
    [{ url: "http://host.example" }, "is no https URL"],
    [{ homepage: 'https://x"y' }, "is no https URL"],
    [{ sums: "" }, "the checksums have no archive that Krew could install"],
  ])("%j is refused", (change, message) => {
    expect(() => krewManifest({ ...release, ...change })).toThrow(message);
  });

  it("has no platform that was not built", () => {
    const one = sums.replace("linux-arm64.tar.gz", "linux-arm64");
    const text = krewManifest({ ...release, sums: one });
    expect(faults("cryoscope.yaml", parse(text) as Manifest)).toEqual([]);
    expect(text).toContain("arch: amd64");
    expect(text).not.toContain("arm64");
  });

  it("is printed by the script", () => {
    const file = join(scratch(), "SHA256SUMS");
    writeFileSync(file, sums);
    const script = fileURLToPath(new URL("../../bin/dev/krew.js", import.meta.url));
    const words = [release.version, file, release.url, release.homepage];
    expect(execFileSync(process.execPath, [script, ...words], { encoding: "utf8" })).toBe(text);
    expect(spawnSync(process.execPath, [script]).status).toBe(2);
  });

  it("names what is in the archives, which are the same bytes each time", () => {
    const hashes = [1, 2].map(() => {
      const folder = scratch();
      for (const name of ["cryoscope-linux-x64", "cryoscope-linux-x64.LICENSES"]) {
        writeFileSync(join(folder, name), name, { mode: 0o755 });
      }
      const path = join(folder, krewArchive(folder, "x64", 1_700_000_000));
      const listed = execFileSync("tar", ["-tf", path], { encoding: "utf8" }).trim().split("\n");
      const [platform] = manifest.spec.platforms;
      expect(listed.sort()).toEqual(platform?.files.map(({ from }) => from).sort());
      return createHash("sha256").update(readFileSync(path)).digest("hex");
    });
    expect(hashes[0]).toBe(hashes[1]);
  });
});
