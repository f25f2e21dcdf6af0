import { describe, expect, it } from "vitest";
import { displayWidth } from "../../../src/base/text.ts";
import { beside, fieldLines, fieldSection, wrapText } from "../../../src/tui/view/fields.ts";
import { line, lineText } from "../../../src/tui/view/line.ts";

describe("values of fields", () => {
  it("are wrapped at blanks and commas, and lose nothing", () => {
    expect(wrapText("CAP_CHOWN CAP_KILL CAP_SETUID", 20)).toEqual([
      "CAP_CHOWN CAP_KILL",
      "CAP_SETUID",
    ]);
    const path = "/libpod/0123456789abcdef0123456789abcdef";
    expect(wrapText(path, 16).join("")).toBe(path);
    expect(wrapText("", 20)).toEqual([""]);
  });

  it("never are wider than their room, whatever they hold", () => {
    for (const text of [
      "漢字".repeat(40),
      "e\u0301".repeat(90),
      "\u001b[31m".repeat(30),
      "a".repeat(1e6),
    ]) {
      const lines = wrapText(text, 21);
      expect(lines.length).toBeLessThanOrEqual(41);
      for (const each of lines) {
        expect(displayWidth(each)).toBeLessThanOrEqual(21);
        expect(each).not.toContain("\u001b");
      }
    }
    expect(wrapText("a".repeat(1e6), 21).at(-1)).toMatch(/…$/);
  });

  it("stand beside their labels, which are cut before they touch them", () => {
    const lines = fieldLines(
      [
        ["a label that is much too long for its room", "value"],
        ["unknown", null],
      ],
      60,
    ).map(lineText);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/… {2}value$/);
    expect(fieldSection("Nothing", [["unknown", null]], 60)).toEqual([]);
  });
});

describe("two blocks", () => {
  const block = (text: string, count: number) => (): ReturnType<typeof line>[] =>
    Array.from({ length: count }, (_, at) => line(`${text}${at}`));

  it("stand beside each other where there is room, and below each other where not", () => {
    const wide = beside(block("left", 2), block("right", 3), 100).map(lineText);
    expect(wide).toEqual([
      `${"left0".padEnd(50)}right0`,
      `${"left1".padEnd(50)}right1`,
      `${"".padEnd(50)}right2`,
    ]);
    const narrow = beside(block("left", 1), block("right", 1), 99).map(lineText);
    expect(narrow).toEqual(["left0", "right0"]);
  });
});
