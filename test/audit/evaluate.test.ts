import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/audit/evaluate.ts";
import type { Sighting } from "../../src/audit/finding.ts";
import { defaultPolicy } from "../../src/audit/policy/policy.ts";
import type { Rule } from "../../src/audit/rule.ts";
import { Subject } from "../../src/audit/subject.ts";
import { ArchiveError } from "../../src/base/errors.ts";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";

/** No rule here asks for the checkpoint. */
const subject = new Subject({} as Checkpoint, {
  policy: defaultPolicy,
  now: 0,
  memory: false,
  reveal: false,
});

function rule(evaluateIt: () => Iterable<Sighting>, id = "integrity/made-up"): Rule {
  const text = "x";
  const texts = { title: text, looksAt: text, why: text, remedy: text };
  return { id, severity: "medium", ...texts, evaluate: evaluateIt };
}

describe("evaluate", () => {
  it("keeps what is grave, however much of little weight came before it", async () => {
    const { findings, problems } = await evaluate(subject, [
      rule(function* noise() {
        for (let at = 0; at < 1000; at++) yield { message: "noise", key: `${at}` };
        yield { message: "grave", key: "grave", severity: "critical" };
      }),
    ]);
    expect(findings).toHaveLength(201);
    expect(findings[0]).toMatchObject({ message: "grave", severity: "critical" });
    expect(problems.map(({ code }) => code)).toEqual(["too-many-findings"]);
  });

  it("joins what is the same, as grave as the gravest", async () => {
    const { findings } = await evaluate(subject, [
      rule(function* same() {
        yield { message: "one", key: "k", places: [{ member: "a" }] };
        yield { message: "two", key: "k", places: [{ member: "b" }], severity: "high" };
        yield { message: "three", key: "k", severity: "low" };
      }),
    ]);
    expect(findings).toMatchObject([
      { message: "one", severity: "high", places: [{ member: "a" }, { member: "b" }] },
    ]);
  });

  it("keeps what a rule saw before it failed, and asks the others", async () => {
    const failing = rule(function* broken(): Generator<Sighting> {
      yield { message: "seen", key: "1" };
      throw new ArchiveError({ what: "the disk is gone" });
    });
    const other = rule(() => [{ message: "other", key: "1" }], "integrity/other");
    const { findings, problems } = await evaluate(subject, [failing, other]);
    expect(findings.map(({ message }) => message)).toEqual(["seen", "other"]);
    expect(problems).toMatchObject([{ code: "rule-not-asked", message: "the disk is gone" }]);
  });

  it("lets no fault of ours pass for one of the archive", async () => {
    const buggy = rule(() => {
      throw new TypeError("a bug");
    });
    await expect(evaluate(subject, [buggy])).rejects.toThrow("a bug");
  });
});
