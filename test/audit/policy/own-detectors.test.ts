import { describe, expect, it } from "vitest";
import { linearExpressions } from "../../../src/audit/policy/linear.ts";
import { ownDetectors } from "../../../src/audit/policy/own-detectors.ts";

describe("expressions of a policy", () => {
  it("find matches from a place on, with their groups", async () => {
    const compile = await linearExpressions();
    const linear = compile("acme_(?<secret>[a-z0-9]{4})(?<rest>!)?");
    const text = "acme_ab12 acme_cd34!";
    expect(linear.find(text, 0)).toEqual({
      index: 0,
      match: "acme_ab12",
      groups: { secret: "ab12", rest: undefined },
    });
    expect(linear.find(text, 1)).toEqual({
      index: 10,
      match: "acme_cd34!",
      groups: { secret: "cd34", rest: "!" },
    });
    expect(linear.find(text, 11)).toBeUndefined();
  });

  it("see bytes, and lines", async () => {
    const compile = await linearExpressions();
    expect(compile("\\xff\\x00").find("a\u00ff\u0000", 0)?.index).toBe(1);
    expect(compile("a.b").find("a\nb", 0)).toBeUndefined();
    expect(compile("(?s)a.b").find("a\nb", 0)?.match).toBe("a\nb");
    expect(compile("(?i)ACME").find("acme", 0)?.match).toBe("acme");
  });

  it.each(["(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*a){20}$", "(?:a*)*b", "([a-z]+)*="])(
    "end where an engine that backtracks would not: %s",
    async (expression) => {
      const compile = await linearExpressions();
      expect(compile(expression).find(`${"a".repeat(20_000)}!`, 0)).toBeUndefined();
    },
  );

  it("become detectors", async () => {
    const [own, other] = await ownDetectors([
      { id: "acme", title: "Acme", keywords: ["acme_"], expression: "acme_(?<secret>[0-9]+)" },
      { id: "b2", title: "B", keywords: ["b2="], expression: "b2=[0-9]+", severity: "low" },
    ]);
    expect(own).toMatchObject({
      id: "acme",
      title: "Acme",
      group: "assignment",
      severity: "high",
      keywords: ["acme_"],
      longest: 1024,
    });
    expect(own?.find?.("xx acme_12", 0)).toEqual({
      index: 3,
      match: "acme_12",
      groups: { secret: "12" },
    });
    expect(own?.expression.test("acme_12")).toBe(false);
    expect(other?.severity).toBe("low");
  });

  it("cost nothing where there are none", async () => {
    expect(await ownDetectors([])).toEqual([]);
  });
});
