import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { auditArchive } from "../../src/audit/audit-archive.ts";
import { defaultPolicy } from "../../src/audit/policy/policy.ts";
import { renderJson } from "../../src/report/json.ts";
import { fullReport, reportOf } from "../support/full-report.ts";
import { privateCopy, rich, sampleArchives } from "../support/samples.ts";
import { unsafe } from "./unsafe.ts";

type Json = { [key: string]: unknown };

const path = fileURLToPath(new URL("../../src/report/schema/audit-report.json", import.meta.url));
const validate = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  formats: { "date-time": true },
}).compile(JSON.parse(readFileSync(path, "utf8")) as Json);

function faultsOf(document: unknown): string[] {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const full = (): Json => JSON.parse([...renderJson(fullReport())].join("")) as Json;

describe("the JSON of audits", () => {
  it("fits its schema, with everything and with nothing", () => {
    expect(faultsOf(full())).toEqual([]);
    expect(faultsOf(JSON.parse([...renderJson(reportOf([]))].join("")))).toEqual([]);
    expect([...renderJson(fullReport())].join("")).not.toMatch(unsafe);
  });

  it("has addresses as hexadecimal texts", () => {
    const [first] = fullReport().archives[0]?.findings ?? [];
    expect(first?.places[1]?.address).toBe(0xffff_ffff_ff60_0000n);
    expect(JSON.stringify(full())).toContain('"address":"0xffffffffff600000"');
  });

  it.each([
    ...sampleArchives().filter(({ folder }) => folder === "crio"),
    { name: "rich", path: rich },
  ])("fits for $name", async ({ path: sample }) => {
    const audit = await auditArchive(privateCopy(sample), {
      policy: defaultPolicy,
      now: Date.parse("2026-11-22T05:00:00Z"),
      memory: false,
      reveal: false,
      open: { permissions: "owner" },
    });
    expect(audit.findings.length).toBeGreaterThan(0);
    expect(faultsOf(JSON.parse([...renderJson(reportOf([audit]))].join("")))).toEqual([]);
  });

  const broken: [string, unknown][] = [
    ["apiVersion", "cryoscope/v2"],
    ["failOn", "grave"],
    ["auditedAt", "today"],
    ["problems", undefined],
    ["unchanged.0.counts", undefined],
    ["counts.bySeverity.high", -1],
    ["counts.allowed", "1"],
    ["archives.0.engine", "nobody"],
    ["archives.0.memorySearched", null],
    ["archives.0.fault", "broken"],
    ["archives.1.fault.kind", "missing"],
    ["archives.0.custody.members.0.sha256", "abc"],
    ["archives.0.problems.0.severity", "fatal"],
    ["archives.0.findings.0.severity", "grave"],
    ["archives.0.findings.0.fingerprint", "123"],
    ["archives.0.findings.0.remedy", undefined],
    ["archives.0.findings.0.places.0.address", 4096],
    ["archives.0.findings.0.facts.proof", { nested: 1 }],
    ["archives.0.findings.0.secret.detector", undefined],
    ["archives.0.findings.1.allowed.reason", undefined],
    ["housekeeping.0.ruleId", "OLD"],
  ];
  it.each(broken)("does not fit where %s is %j", (key, value) => {
    const document = full();
    const keys = key.split(".");
    let holder = document;
    for (const step of keys.slice(0, -1)) holder = holder[step] as Json;
    holder[keys.at(-1) as string] = value;
    expect(faultsOf(JSON.parse(JSON.stringify(document))).length).toBeGreaterThan(0);
  });
});
