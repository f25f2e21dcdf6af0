import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { fakeRegistry } from "../../support/registry.ts";
import { run } from "../../support/run.ts";
import { crioCounter, privateCopy, samplePath, scratch } from "../../support/samples.ts";

const path = new URL("../../../src/report/schema/restore-image.json", import.meta.url);
const schema = JSON.parse(readFileSync(path, "utf8")) as {
  required: string[];
  properties: Record<string, { required?: string[] }>;
};
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

async function document(sample: string, ...more: string[]): Promise<Record<string, unknown>> {
  const words = ["restore", "image", privateCopy(sample), "--permissions", "owner", "-o", "json"];
  const { code, out } = await run([...words, ...more], { env: { HOME: scratch() } });
  expect(code).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
}

describe("the schema of images", () => {
  it("fits what is printed, and misses no key of it", async () => {
    const registry = await fakeRegistry();
    const documents = [
      await document(crioCounter, "--output-file", `oci:${scratch()}/image`),
      await document(crioCounter, "--push", `${registry.host}/team/app`, "--yes"),
      await document(
        samplePath("podman/busybox-volume.tar.gz"),
        "--output-file",
        `docker-archive:${scratch()}/image`,
      ),
    ];
    for (const each of documents) {
      validate(each);
      expect(validate.errors ?? []).toEqual([]);
      expect(Object.keys(each).sort()).toEqual([...schema.required].sort());
      for (const [key, { required }] of Object.entries(schema.properties)) {
        const value = each[key];
        if (required === undefined || value === null) continue;
        expect(Object.keys(value as object).sort()).toEqual([...required].sort());
      }
    }
  });
});
