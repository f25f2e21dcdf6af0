import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { treePrefixes } from "../../src/report/tree.ts";

const draw = (...depths: number[]): string[] => treePrefixes(depths.map((depth) => ({ depth })));

describe("branch lines", () => {
  it("are none for roots", () => {
    expect(draw()).toEqual([]);
    expect(draw(0, 0)).toEqual(["", ""]);
  });

  it("end with a corner at the last child", () => {
    expect(draw(0, 1, 1)).toEqual(["", "├─ ", "└─ "]);
  });

  it("go on past the children of a child", () => {
    expect(draw(0, 1, 2, 2, 1)).toEqual(["", "├─ ", "│  ├─ ", "│  └─ ", "└─ "]);
  });

  it("leave room below a last child", () => {
    expect(draw(0, 1, 2, 3)).toEqual(["", "└─ ", "   └─ ", "      └─ "]);
  });

  it("begin anew with each root", () => {
    expect(draw(0, 1, 0, 1)).toEqual(["", "└─ ", "", "└─ "]);
  });

  it("of a chain a thousand deep stay short", () => {
    const prefixes = draw(...Array.from({ length: 1000 }, (_, depth) => depth));
    expect(Math.max(...prefixes.map((prefix) => prefix.length))).toBeLessThan(120);
  });

  it("of any tree are as wide as it is deep, with one sign a level", () => {
    // Each row is at most one deeper than the row before it.
    const rows = fc.array(fc.nat({ max: 30 }), { maxLength: 60 }).map((steps) => {
      let last = -1;
      return steps.map((step) => {
        last = Math.min(step, last + 1);
        return last;
      });
    });
    fc.assert(
      fc.property(rows, (depths) => {
        for (const [at, prefix] of draw(...depths).entries()) {
          expect(prefix).toHaveLength((depths[at] as number) * 3);
          expect(prefix).toMatch(/^(│ {2}| {3})*([├└]─ )?$/);
        }
      }),
    );
  });
});
