import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { everyRule } from "../../../src/audit/every-rule.ts";
import { durationPattern } from "../../../src/audit/policy/forms.ts";
import { defaultPolicy } from "../../../src/audit/policy/policy.ts";
import { printPolicy } from "../../../src/audit/policy/print-policy.ts";
import { parsePolicy } from "../../../src/audit/policy/read-policy.ts";
import { UsageError } from "../../../src/base/errors.ts";
import { sizePattern } from "../../../src/base/size.ts";
import { detectors } from "../../../src/memory/secrets/detectors.ts";

const path = fileURLToPath(new URL("../../../src/audit/policy/audit-policy.json", import.meta.url));
const schema = JSON.parse(readFileSync(path, "utf8")) as {
  $id?: string;
  definitions: { duration: { pattern: string }; size: { anyOf: { pattern?: string }[] } };
};
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

const head = { apiVersion: "cryoscope/v1", kind: "AuditPolicy" };
const own = { id: "acme", title: "Acme", keywords: ["acme"], expression: "acme[0-9]+" };
const allowance = { reason: "x", rule: "secrets/*" };
const { id } = everyRule[0] as { id: string };
const { id: detector } = detectors[0] as { id: string };

/** JSON is YAML, so the reader takes the same document as the schema. */
async function reads(document: unknown): Promise<boolean> {
  try {
    await parsePolicy(JSON.stringify(document));
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return false;
  }
}

const good: object[] = [
  {},
  { failOn: "none", rules: null, thresholds: null, expect: null, secrets: null, allow: null },
  { rules: { [id]: "off" } },
  { rules: { [id]: true, "attack/*": "low", "**": null } },
  { rules: { [id]: { enabled: false, severity: "info" } } },
  { rules: { [id]: {} } },
  { thresholds: { maxAge: null, minFreeBytes: null, maxArchivesPerContainer: null } },
  { thresholds: { maxAge: "2w", clockSkew: "1d2h3m4s" } },
  { thresholds: { maxArchivesPerContainer: 0, maxBytesPerPod: 0, maxBytesPerContainer: "1.5Gi" } },
  { thresholds: { maxBytesPerNamespace: "100M", maxBytesPerDirectory: "10GiB" } },
  { expect: { runtimes: ["cri-o", "unknown"], images: [], namespaces: null } },
  { expect: { listeners: ["tcp/80", "udp/*", "tcp/[::]:80"], outbound: ["tcp/10.0.0.0/8:*"] } },
  { expect: { directories: ["/a"], writableHostPaths: [], capabilities: ["CAP_BPF", "cap_kill"] } },
  { secrets: { disabled: null, own: null } },
  {
    secrets: {
      disabled: [detector, "acme"],
      own: [own, { ...own, id: "b2", severity: "low" }],
    },
  },
  { keep: ["/var/lib/**", "*.tar"] },
  { allow: [allowance, { ...allowance, expires: "2027-01-31" }] },
  { allow: [{ reason: "x", fingerprint: "0".repeat(32), expires: "2027-01-31T00:00:00.5+01:00" }] },
  { allow: [{ reason: "x", detector, path: "**/x" }] },
];

const bad: object[] = [
  { apiVersion: "cryoscope/v2" },
  { kind: "Policy" },
  { unknown: 1 },
  { extends: 1 },
  { failOn: "grave" },
  { failOn: null },
  { rules: [] },
  { rules: { nothing: "off" } },
  { rules: { [id]: "grave" } },
  { rules: { [id]: 1 } },
  { rules: { [id]: { on: true } } },
  { rules: { [id]: { enabled: "off" } } },
  { rules: { [id]: [] } },
  { thresholds: { maxage: "1d" } },
  { thresholds: { maxAge: 7 } },
  { thresholds: { maxAge: "" } },
  { thresholds: { maxAge: "1h1d" } },
  { thresholds: { clockSkew: null } },
  { thresholds: { maxArchivesPerContainer: 1.5 } },
  { thresholds: { maxArchivesPerContainer: "5" } },
  { thresholds: { minFreeBytes: -1 } },
  { thresholds: { minFreeBytes: 1.5 } },
  { thresholds: { minFreeBytes: "1 Gi" } },
  { thresholds: [] },
  { expect: { runtimes: ["nobody"] } },
  { expect: { runtimes: "cri-o" } },
  { expect: { images: [1] } },
  { expect: { images: [""] } },
  { expect: { images: ["x".repeat(1025)] } },
  { expect: { listeners: ["8080"] } },
  { expect: { directories: null } },
  { expect: { capabilities: ["NET_RAW"] } },
  { expect: { capabilities: null } },
  { secrets: { disabled: [1] } },
  { secrets: { other: [] } },
  { secrets: { own: [{ ...own, id: "A" }] } },
  { secrets: { own: [{ ...own, title: "" }] } },
  { secrets: { own: [{ ...own, keywords: [] }] } },
  { secrets: { own: [{ ...own, keywords: ["ab"] }] } },
  { secrets: { own: [{ ...own, keywords: ["äöü"] }] } },
  { secrets: { own: [{ ...own, expression: "ä" }] } },
  { secrets: { own: [{ ...own, expression: "" }] } },
  { secrets: { own: [{ ...own, expression: "x".repeat(1001) }] } },
  { secrets: { own: [{ ...own, severity: "grave" }] } },
  { secrets: { own: [{ ...own, more: 1 }] } },
  { secrets: { own: [{ id: "acme" }] } },
  { allow: [{ rule: "secrets/*" }] },
  { allow: [{ reason: "x" }] },
  { allow: [{ ...allowance, reason: "" }] },
  { allow: [{ ...allowance, fingerprint: "0".repeat(31) }] },
  { allow: [{ ...allowance, fingerprint: "A".repeat(32) }] },
  { allow: [{ ...allowance, rule: "nothing" }] },
  { allow: [{ ...allowance, detector: "No Detector" }] },
  { allow: [{ ...allowance, path: 1 }] },
  { allow: [{ ...allowance, expires: "tomorrow" }] },
  { allow: [{ ...allowance, expires: null }] },
  { allow: [{ ...allowance, why: "x" }] },
  { allow: {} },
  { keep: "all" },
  { keep: [1] },
];

describe("the schema of policies says what the reader says", () => {
  it.each(good.map((body) => ({ ...head, ...body })))("fits: %j", async (document) => {
    expect({ schema: validate(document), errors: validate.errors }).toEqual({
      schema: true,
      errors: null,
    });
    expect(await reads(document)).toBe(true);
  });

  it.each(bad.map((body) => ({ ...head, ...body })))("does not fit: %j", async (document) => {
    expect({ schema: validate(document), reader: await reads(document) }).toEqual({
      schema: false,
      reader: false,
    });
  });

  it("needs its head", async () => {
    for (const document of [{}, { kind: head.kind }, { apiVersion: head.apiVersion }]) {
      expect({ schema: validate(document), reader: await reads(document) }).toEqual({
        schema: false,
        reader: false,
      });
    }
  });

  it("fits the default policy as it is printed", () => {
    validate(parseYaml(printPolicy(defaultPolicy)));
    expect(validate.errors).toBeNull();
  });

  it("has the reader's own forms", () => {
    expect(schema.definitions.duration.pattern).toBe(durationPattern.source);
    expect(schema.definitions.size.anyOf[1]?.pattern).toBe(sizePattern.source);
  });

  it("names no place of its own, and tells editors what each key means", () => {
    expect(schema.$id).toBeUndefined();
    const visit = (node: unknown, key: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [name, property] of Object.entries(
        (node as { properties?: object }).properties ?? {},
      )) {
        const { description, $ref } = property as { description?: string; $ref?: string };
        expect(description ?? $ref, `${key}.${name}`).toBeTypeOf("string");
      }
      for (const [name, value] of Object.entries(node)) visit(value, `${key}.${name}`);
    };
    visit(schema, "");
  });
});
