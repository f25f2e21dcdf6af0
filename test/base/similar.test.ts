import { describe, expect, it } from "vitest";
import { similar } from "../../src/base/similar.ts";

const words = ["critical", "high", "medium", "low", "info", "maxAge", "minFreeBytes"];

describe("similar", () => {
  it.each([
    ["hihg", "high"],
    ["hgih", "high"],
    ["High", "high"],
    ["mediun", "medium"],
    ["maxage", "maxAge"],
    ["max-age", "maxAge"],
    ["minFreeByte", "minFreeBytes"],
    ["lo", "low"],
  ])("takes %s for %s", (word, meant) => {
    expect(similar(word, words)).toBe(meant);
  });

  it.each(["", "x", "severity", "toggle", "minimum", "h".repeat(100_000)])(
    "takes %.10j for none",
    (word) => {
      expect(similar(word, words)).toBeUndefined();
    },
  );

  it("prefers the nearest", () => {
    expect(similar("abcd", ["abxx", "abcx", "abyy"])).toBe("abcx");
    expect(similar("ab", ["ba", "ab"])).toBe("ab");
  });
});
