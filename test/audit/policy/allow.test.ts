import { describe, expect, it } from "vitest";
import { allowanceProblems, applyAllowances } from "../../../src/audit/policy/allow.ts";
import { type AllowEntry, defaultPolicy, type Policy } from "../../../src/audit/policy/policy.ts";
import { findingOf } from "../../support/full-report.ts";

const now = Date.parse("2026-11-22T05:00:00Z");
const secret = { fingerprint: "a".repeat(32), detector: "aws-access-key-id" };
const finding = findingOf({
  ruleId: "secrets/memory",
  message: "one",
  secret,
  places: [
    { member: "rootfs-diff.tar!app/test/key.pem" },
    { member: "checkpoint/pages-1.img", mapping: "/app/test/lib.so" },
    { path: "/app/test/x" },
  ],
});

const policyOf = (...allow: AllowEntry[]): Policy => ({ ...defaultPolicy, allow });
const allowedBy = (entry: Partial<AllowEntry>, of = finding): boolean =>
  applyAllowances([of], policyOf({ reason: "r", ...entry }), now)[0]?.allowed !== null;

describe("an allowance", () => {
  it.each<[string, Partial<AllowEntry>, boolean]>([
    ["the finding's fingerprint", { fingerprint: finding.fingerprint }, true],
    ["the secret's fingerprint", { fingerprint: secret.fingerprint }, true],
    ["another fingerprint", { fingerprint: "b".repeat(32) }, false],
    ["its rule", { rule: "secrets/memory" }, true],
    ["a pattern of rules", { rule: "secrets/*" }, true],
    ["another rule", { rule: "secrets/mem" }, false],
    ["its detector", { detector: "aws-access-key-id" }, true],
    ["another detector", { detector: "private-key" }, false],
    ["a pattern of all its places", { path: "**app/test/**" }, true],
    ["a pattern of some of its places", { path: "rootfs-diff.tar!**" }, false],
    ["all conditions", { rule: "secrets/*", detector: "aws-access-key-id" }, true],
    ["all conditions but one", { fingerprint: finding.fingerprint, rule: "attack/*" }, false],
  ])("by %s", (_name, entry, fits) => {
    expect(allowedBy(entry)).toBe(fits);
  });

  it("by path needs a place", () => {
    expect(allowedBy({ path: "**" }, findingOf())).toBe(false);
  });

  it.each([
    [undefined, true],
    ["2026-11-22", true],
    ["2026-11-21", false],
    ["2026-11-22T05:00:00.001Z", true],
    ["2026-11-22T05:00:00Z", false],
    ["2026-11-22T06:30:00+01:00", true],
  ])("that ends at %s: %s", (expires, counts) => {
    const entry = { rule: "secrets/*", ...(expires === undefined ? {} : { expires }) };
    expect(allowedBy(entry)).toBe(counts);
  });

  it("tells reason and end of the first entry that still counts, and changes nothing else", () => {
    const policy = policyOf(
      { reason: "over", rule: "**", expires: "2020-01-01" },
      { reason: "mine", fingerprint: secret.fingerprint, expires: "2027-01-31" },
      { reason: "later", rule: "secrets/*" },
    );
    const other = findingOf();
    expect(applyAllowances([other, finding], policy, now)).toEqual([
      other,
      { ...finding, allowed: { reason: "mine", expires: "2027-01-31" } },
    ]);
    expect(finding.allowed).toBeNull();
  });
});

describe("what is said of an allow-list", () => {
  it("warns of entries that expired and would still be needed, and notes what could go", () => {
    const policy = policyOf(
      { reason: "needed", rule: "secrets/*" },
      { reason: "for nothing", detector: "private-key" },
      { reason: "over and gone", rule: "attack/*", expires: "2026-01-01" },
      { reason: "over", rule: "**", expires: "2026-11-21" },
    );
    expect(allowanceProblems([finding, findingOf()], policy, now)).toEqual([
      {
        severity: "warning",
        code: "allowance-expired",
        message: "allowance 4 of the policy (over) expired: 2026-11-21; 2 findings count again",
      },
      {
        severity: "note",
        code: "allowance-unused",
        message: "allowance 2 of the policy (for nothing) fits no finding",
      },
      {
        severity: "note",
        code: "allowance-expired",
        message:
          "allowance 3 of the policy (over and gone) expired: 2026-01-01; it fits no finding",
      },
    ]);
  });

  it("says nothing of an entry that is needed, before and after it was applied", () => {
    const policy = policyOf({ reason: "needed", rule: "secrets/*" });
    expect(allowanceProblems([finding], policy, now)).toEqual([]);
    expect(allowanceProblems(applyAllowances([finding], policy, now), policy, now)).toEqual([]);
  });

  it("tells twenty, and counts the rest, warnings first", () => {
    const allow: AllowEntry[] = Array.from({ length: 100 }, (_, at) => ({
      reason: `${at}`,
      fingerprint: at === 99 ? finding.fingerprint : `${at}`.padStart(32, "0"),
      ...(at === 99 ? { expires: "2020-01-01" } : {}),
    }));
    const problems = allowanceProblems([finding], policyOf(...allow), now);
    expect(problems).toHaveLength(21);
    expect(problems[0]?.severity).toBe("warning");
    expect(problems[20]?.message).toBe("80 further allowances expired or fit no finding");
  });
});
