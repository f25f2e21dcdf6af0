import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { run } from "../support/run.ts";
import { rich, samplePath, scratch } from "../support/samples.ts";

function faults(name: string, document: unknown): unknown {
  const url = new URL(`../../src/report/schema/${name}.json`, import.meta.url);
  const schema = JSON.parse(readFileSync(url, "utf8")) as object;
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  validate(document);
  return validate.errors ?? [];
}

async function document(...words: string[]): Promise<{ items?: object[] }> {
  const { out } = await run(["memory", ...words, "--permissions", "any", "-q", "-o", "json"]);
  return JSON.parse(out) as { items?: object[] };
}

const gzip = samplePath("podman/busybox-env-secrets.tar.gz");

describe("documents of memory commands fit their schemas", () => {
  it.each([
    ["mapping-list", ["ls", rich]],
    ["mapping-list", ["ls", gzip]],
    [
      "memory-read",
      ["read", rich, "--pid", "1", "--address", "0x100000080000", "--length", "8192"],
    ],
    ["search-result", ["search", rich, "--text", "not-real", "--everywhere"]],
    ["search-result", ["search", gzip, "--text", "not-real", "--reveal"]],
    ["string-list", ["strings", rich, "--limit", "500"]],
    ["string-list", ["strings", gzip, "--encoding", "utf8"]],
  ])("%s", async (name, words) => {
    const found = await document(...words);
    expect(faults(name, found)).toEqual([]);
    // A key that is gone, or of another type, has to be seen.
    const broken = JSON.parse(JSON.stringify(found)) as { items?: Record<string, unknown>[] };
    const target = (broken.items?.[0] ?? broken) as Record<string, unknown>;
    for (const key of Object.keys(target)) {
      const changed = { ...target, [key]: key === "problems" ? 7 : { not: "this" } };
      const whole = broken.items === undefined ? changed : { ...broken, items: [changed] };
      expect(faults(name, whole), key).not.toEqual([]);
    }
  });

  it("memory-dump", async () => {
    const found = await document("dump", rich, "--pid", "1", "-C", scratch());
    expect(faults("memory-dump", found)).toEqual([]);
    expect(found.items?.length).toBeGreaterThan(15);
  });

  it.each([rich, samplePath("crio/counter-runc.tar")])("core-file of %s", async (path) => {
    const found = await document("core", path, "--pid", "1", "-C", scratch());
    expect(faults("core-file", found)).toEqual([]);
    expect(found).toMatchObject({ kind: "CoreFile", pid: 1, problems: [] });
    for (const key of Object.keys(found)) {
      expect(faults("core-file", { ...found, [key]: { not: "this" } }), key).not.toEqual([]);
      expect(faults("core-file", { ...found, [key]: undefined }), key).not.toEqual([]);
    }
    const problem = { severity: "dire", code: "x", message: "y" };
    expect(faults("core-file", { ...found, problems: [problem] })).not.toEqual([]);
    const good = { ...problem, severity: "warning", where: { member: "core-1.img", entry: 0 } };
    expect(faults("core-file", { ...found, problems: [good] })).toEqual([]);
  });
});
