import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern, isPattern, matchesAny } from "../../../src/audit/policy/pattern.ts";

/** The same meaning as a regular expression, for short texts. */
function naive(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*{2,}|\*|\?/g, (part) => (part === "?" ? "[^/]" : part === "*" ? "[^/]*" : "[^]*"));
  return new RegExp(`^${source}$`);
}

describe("patterns", () => {
  it.each([
    ["a", "a", true],
    ["a", "ab", false],
    ["", "", true],
    ["", "a", false],
    ["*", "", true],
    ["*", "a/b", false],
    ["**", "a/b", true],
    ["attack/*", "attack/listener", true],
    ["/var/**", "/var/lib/x", true],
    ["/var/**", "/var", false],
    ["**/x", "/a/b/x", true],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["tcp/*:443", "tcp/10.0.0.1:443", true],
    ["a.c", "abc", false],
    ["[ab]", "a", false],
    ["***", "a/b", true],
    ["*\u{1f600}*", "x\u{1f600}y", true],
  ])("%j over %j: %j", (pattern, text, fits) => {
    expect(compilePattern(pattern)(text)).toBe(fits);
  });

  it("mean what a naive reading of them means", () => {
    const letters = fc.constantFrom("a", "b", "/", ".", "*", "?", "**");
    const pattern = fc.array(letters, { maxLength: 8 }).map((parts) => parts.join(""));
    const text = fc
      .array(fc.constantFrom("a", "b", "/", "."), { maxLength: 10 })
      .map((it) => it.join(""));
    fc.assert(
      fc.property(pattern, text, (one, over) => {
        expect(compilePattern(one)(over)).toBe(naive(one).test(over));
      }),
      { numRuns: 2000 },
    );
  });

  it("take no longer for what would keep an expression busy for ever", () => {
    const fits = compilePattern(`${"*a".repeat(500)}b`);
    expect(fits("a".repeat(4096))).toBe(false);
    expect(fits(`${"a".repeat(4096)}b`)).toBe(true);
  });

  it("are told from texts", () => {
    expect([isPattern("a*"), isPattern("a?"), isPattern("a.b")]).toEqual([true, true, false]);
    expect(matchesAny(["x", "a*"], "ab")).toBe(true);
    expect(matchesAny([], "ab")).toBe(false);
  });
});
