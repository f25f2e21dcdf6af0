import { describe, expect, it } from "vitest";
import { FindingBudget } from "../../../src/audit/run/budget.ts";
import { someAudit, someFinding } from "./support.ts";

const allowed = { reason: "looked at", expires: null };

describe("the room that a report has for findings", () => {
  it("keeps whole audits while there is room", () => {
    const budget = new FindingBudget(10_000);
    const audit = someAudit({ findings: [someFinding(), someFinding()] });
    expect(budget.keep(audit)).toBe(audit);
  });

  it("keeps the gravest that count beyond it, and says how many it does not list", () => {
    const budget = new FindingBudget(1_000);
    const places = [{ pid: 1 }, { pid: 2 }];
    const findings = [
      someFinding({ severity: "critical", allowed }),
      ...["high", "high", "low", "low"].map((severity) =>
        someFinding({ severity: severity as "high", places }),
      ),
    ];
    const kept = budget.keep(someAudit({ findings }));
    expect(kept.findings.map(({ severity, places: told }) => [severity, told])).toEqual([
      ["high", [{ pid: 1 }]],
      ["high", [{ pid: 1 }]],
      ["low", [{ pid: 1 }]],
    ]);
    expect(kept.problems).toEqual([
      expect.objectContaining({
        code: "findings-not-listed",
        message: expect.stringMatching(/^2 further findings/),
      }),
    ]);
  });

  it("counts long texts, many places and many facts", () => {
    const long = "x".repeat(2000);
    for (const parts of [
      { message: long },
      { remedy: long },
      { facts: { list: [long] } },
      { places: Array.from({ length: 20 }, () => ({ pid: 1 })) },
      { places: [{ member: long }] },
    ]) {
      const audit = someAudit({ findings: Array.from({ length: 4 }, () => someFinding(parts)) });
      expect(new FindingBudget(8_000).keep(audit).findings).toHaveLength(3);
    }
  });
});
