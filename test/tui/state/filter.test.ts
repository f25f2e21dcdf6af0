import { describe, expect, it } from "vitest";
import { readFilter } from "../../../src/tui/state/filter.ts";

const passes = (filter: string, text: string): boolean | undefined =>
  readFilter(filter)?.matches(text);

describe("a filter", () => {
  it("is a regular expression, inverted by !, and heeds case only where it holds a capital", () => {
    expect(passes("p.ges", "PAGES")).toBe(true);
    expect(passes("P.ges", "pages")).toBe(false);
    expect(passes("!pages", "pages")).toBe(false);
    expect(passes("!", "pages")).toBeUndefined();
  });

  it("is looked for as it stands while it is half typed, whatever it ends in", () => {
    for (const typed of [
      "pages-1\\",
      "a/b(",
      "x-[",
      "a{2-",
      "(?<",
      "-\\",
      "\\u{",
      "é-*(",
      "[z-a]",
    ]) {
      expect(readFilter(typed)?.literal).toBe(true);
      expect(passes(typed, `before ${typed} behind`)).toBe(true);
      expect(passes(typed, "something else")).toBe(false);
    }
  });
});
