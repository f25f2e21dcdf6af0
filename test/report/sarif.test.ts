import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import type { Result } from "sarif";
import { describe, expect, it } from "vitest";
import { everyRule } from "../../src/audit/every-rule.ts";
import { renderSarif, sarifLog } from "../../src/report/sarif.ts";
import { fileUri, sarifText } from "../../src/report/sarif-location.ts";
import {
  archiveOf,
  evil,
  findingOf,
  fullReport,
  reportOf,
  ruleOf,
} from "../support/full-report.ts";
import { unsafe } from "./unsafe.ts";

/** The standard's schema, as a package of its authors brings it. */
const schema = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve(
      "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
    ),
    "utf8",
  ),
) as Record<string, unknown>;
// Draft 4, of which it uses nothing that later drafts read otherwise but the name of its id.
delete schema["id"];
delete schema["$schema"];
const validate = new Ajv({ strict: false, allErrors: true, logger: false, unicodeRegExp: false })
  .addFormat("uri", (text) => URL.canParse(text))
  .addFormat("uri-reference", (text) => /^[\w%.~:/?#[\]@!$&'()*+,;=-]*$/.test(text))
  .addFormat("date-time", (text) => !Number.isNaN(Date.parse(text)))
  .compile(schema);

function faultsOf(document: unknown): string[] {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const rules = [
  ruleOf("secrets/memory", { severity: "critical", references: ["https://example.org/x"] }),
  ruleOf("exposure/privileged"),
  ruleOf("attack/listener", { severity: "info" }),
];
const text = [...renderSarif(fullReport(), rules)].join("");
const log = JSON.parse(text) as ReturnType<typeof sarifLog>;
const [run] = log.runs;
const results = run?.results as Result[];

describe("SARIF", () => {
  it("fits the standard's schema, with everything, with nothing, and with our own rules", () => {
    expect(faultsOf(log)).toEqual([]);
    expect(faultsOf(sarifLog(reportOf([]), []))).toEqual([]);
    expect(faultsOf(JSON.parse([...renderSarif(fullReport(), everyRule)].join("")))).toEqual([]);
  });

  it("is judged by a schema that sees faults", () => {
    const broken = structuredClone(log);
    Object.assign(broken.runs[0]?.results?.[0] as object, { level: "grave" });
    expect(faultsOf(broken).length).toBeGreaterThan(0);
    const lost = structuredClone(log);
    Object.assign(lost.runs[0]?.invocations?.[0] as object, { executionSuccessful: undefined });
    expect(faultsOf(lost).length).toBeGreaterThan(0);
  });

  it("holds nothing unsafe, and no link and no argument of an archive's making", () => {
    expect(text).not.toMatch(unsafe);
    const messages = [...text.matchAll(/"text": (".*")/g)].map(([, message]) => message).join("\n");
    expect(messages).toContain("here");
    expect(messages).not.toContain("](http");
    expect(messages).not.toMatch(/[^{]\{0\}/);
    expect(sarifText(evil)).toContain("{{0}}");
  });

  it("tells each rule with help, level and GitHub's score", () => {
    expect(run?.tool.driver.rules?.[0]).toMatchObject({
      id: "secrets/memory",
      name: "SecretsMemory",
      shortDescription: { text: "Container is privileged" },
      defaultConfiguration: { level: "error", rank: 100 },
      properties: { tags: ["security", "secrets"], "security-severity": "9.5" },
    });
    expect(run?.tool.driver.rules?.[0]?.help?.markdown).toContain("- <https://example.org/x>");
    expect(run?.tool.driver.rules?.[2]?.properties).not.toHaveProperty("security-severity");
    for (const [at, { id }] of (run?.tool.driver.rules ?? []).entries()) {
      for (const result of results.filter(({ ruleId }) => ruleId === id)) {
        expect(result.ruleIndex).toBe(at);
      }
    }
  });

  it("tells where: file, member, process, memory", () => {
    const [secret] = results;
    const path =
      "/var/lib/kubelet/checkpoints/checkpoint-cart-0_shop-app-2026-11-21T21%3A20%3A14Z.tar";
    expect(secret?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: `file://${path}`, index: 0 },
          address: { absoluteAddress: 0x7ffc_1000, name: "[stack]" },
        },
        logicalLocations: [
          {
            name: "pages-1.img",
            fullyQualifiedName: "checkpoint/pages-1.img",
            kind: "member",
            properties: { offset: 4096 },
          },
          { name: "pid 1", fullyQualifiedName: "pid 1", kind: "process" },
          {
            name: "0x7ffc1000",
            fullyQualifiedName: "pid 1 0x7ffc1000",
            kind: "memory",
            properties: { mapping: "[stack]" },
          },
        ],
        message: { text: "pid 1, 0x7ffc1000 in [stack], checkpoint/pages-1.img, byte 4,096" },
      },
    ]);
    expect(secret?.relatedLocations).toHaveLength(4);
    expect(secret?.relatedLocations?.[2]?.physicalLocation?.artifactLocation?.uri).toBe(
      "file:///var/lib/kubelet/checkpoints",
    );
    // An address that no number holds is told in words.
    expect(secret?.relatedLocations?.[0]?.physicalLocation).not.toHaveProperty("address");
    const damaged = results.find(({ ruleId }) => ruleId === "integrity/damaged");
    expect(damaged?.locations?.[0]?.physicalLocation?.region).toEqual({ byteOffset: 512 });
  });

  it("keeps fingerprints that are the same in every run", () => {
    expect(results.map(({ partialFingerprints }) => partialFingerprints)).toEqual(
      sarifLog(fullReport(), []).runs[0]?.results?.map((it) => it.partialFingerprints),
    );
    expect(results[0]?.partialFingerprints).toEqual({
      "cryoscopeFinding/v1": findingOf({
        ruleId: "secrets/memory",
        message: "AKIA•••••••• stands in memory",
      }).fingerprint,
      "cryoscopeSecret/v1": "f".repeat(32),
    });
  });

  it("suppresses what is allowed, and says why", () => {
    expect(results.map(({ suppressions }) => suppressions?.length)).toEqual([0, 1, 0, 0, 0]);
    expect(results[1]?.suppressions).toEqual([
      {
        kind: "external",
        status: "accepted",
        justification: "it is the node's agent (until 2027-01-31)",
      },
    ]);
  });

  it("says that the audit is not whole, and why", () => {
    const [invocation] = run?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    expect(
      invocation?.toolExecutionNotifications?.map(({ level, descriptor }) => [
        level,
        descriptor?.id,
      ]),
    ).toEqual([
      ["error", "member"],
      ["note", "note"],
      ["error", "broken"],
    ]);
    expect(invocation?.toolConfigurationNotifications?.[0]?.descriptor?.id).toBe(
      "allowance-expired",
    );
    const fault = { kind: "refused", code: "mode", message: "open", next: null } as const;
    const refused = sarifLog(reportOf([archiveOf({ fault })]), rules);
    expect(refused.runs[0]?.invocations?.[0]?.executionSuccessful).toBe(false);
    const whole = sarifLog(reportOf([archiveOf()]), rules);
    expect(whole.runs[0]?.invocations?.[0]?.executionSuccessful).toBe(true);
  });

  it("writes any path as a URI", () => {
    expect(fileUri("/a b/c%#?.tar")).toBe("file:///a%20b/c%25%23%3F.tar");
    expect(fileUri("a:b/c.tar")).toBe("a%3Ab/c.tar");
    // A byte that is no UTF-8, as names of files carry it.
    expect(fileUri("/x\udcff\ud800")).toBe("file:///x%ff%EF%BF%BD");
    expect(fileUri("/€😀")).toBe("file:///%E2%82%AC%F0%9F%98%80");
  });
});
