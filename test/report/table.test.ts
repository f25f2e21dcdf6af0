import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../src/base/text.ts";
import { colourStyle } from "../../src/report/style.ts";
import { type Column, renderFields, renderTable } from "../../src/report/table.ts";
import { unsafe } from "./unsafe.ts";

interface Row {
  name: string;
  size: string;
  extra?: string;
}

const columns: Column<Row>[] = [
  { title: "NAME", cell: ({ name }) => name, flexible: true },
  { title: "SIZE", align: "right", cell: ({ size }) => size },
  { title: "EXTRA", cell: ({ extra }) => extra ?? "", wide: true },
];
const plain = { headers: true, wide: false };

/** Lines of a table, each without its line break. */
function lines(rows: readonly Row[], options: Partial<Parameters<typeof renderTable>[2]> = {}) {
  const table = renderTable(rows, columns, { ...plain, ...options });
  expect(table === "" || table.endsWith("\n")).toBe(true);
  return table.split("\n").slice(0, -1);
}

describe("a table", () => {
  it("aligns words to the left and numbers to the right, three columns apart", () => {
    expect(
      lines([
        { name: "pages-1.img", size: "4.0 KiB" },
        { name: "x", size: "112.0 KiB" },
      ]),
    ).toEqual(["NAME               SIZE", "pages-1.img     4.0 KiB", "x             112.0 KiB"]);
  });

  it("leaves out titles, and the room that they take", () => {
    expect(lines([{ name: "x", size: "1" }], { headers: false })).toEqual(["x   1"]);
  });

  it("has no spaces at the end of a line", () => {
    expect(lines([{ name: "x", size: "1", extra: "" }], { wide: true })[1]).toBe("x         1");
  });

  it("shows further columns where it is wide", () => {
    const row = { name: "x", size: "1", extra: "more" };
    expect(lines([row])[0]).toBe("NAME   SIZE");
    expect(lines([row], { wide: true })[0]).toBe("NAME   SIZE   EXTRA");
  });

  it("has a line of titles alone where there is no row", () => {
    expect(lines([])).toEqual(["NAME   SIZE"]);
    expect(lines([], { headers: false })).toEqual([]);
  });

  it.each([
    ["CJK", "データ"],
    ["Hangul", "한국어"],
    ["emoji", "🧊🧊🧊"],
    ["a flag", "🇩🇪ab"],
    ["combining marks", "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301"],
    ["full-width", "ＡＢＣ"],
    ["Latin beyond ASCII", "äöüßéñ"],
  ])("aligns what is wide or narrow: %s", (_what, name) => {
    const [, first, second] = lines([
      { name, size: "1" },
      { name: "plain-x", size: "1" },
    ]);
    expect(displayWidth(first as string)).toBe(displayWidth(second as string));
  });

  it("shows terminal escapes, line breaks and directions as what they are", () => {
    const [, line] = lines([{ name: "a\u001b[31m\n\u202eb\u0085", size: "1" }]);
    expect(line).toBe("a\\x1b[31m\\n\\u{202e}b\\x85      1");
  });

  it("cuts the flexible column with … where a terminal is narrow", () => {
    const [title, row] = lines([{ name: "checkpoint/pages-1.img", size: "4.0 KiB" }], {
      width: 24,
    });
    expect(title).toBe("NAME                SIZE");
    expect(row).toBe("checkpoint/pa…   4.0 KiB");
  });

  it("cuts the widest of several flexible columns first", () => {
    const both: Column<Row>[] = [
      { title: "A", cell: ({ name }) => name, flexible: true },
      { title: "B", cell: ({ size }) => size, flexible: true },
    ];
    const rows = [{ name: "a".repeat(30), size: "b".repeat(12) }];
    const [, line] = renderTable(rows, both, { ...plain, width: 30 }).split("\n");
    expect(line).toBe(`${"a".repeat(14)}…   ${"b".repeat(12)}`);
  });

  it("cuts columns alike that are equally wide", () => {
    const three: Column<Row>[] = [
      { title: "A", cell: ({ name }) => name, flexible: true },
      { title: "B", cell: ({ size }) => size, flexible: true },
      { title: "C", cell: ({ extra }) => extra ?? "", flexible: true },
    ];
    const widths = (width: number): number[] => {
      const row = { name: "a".repeat(35), size: "b".repeat(33), extra: "c".repeat(10) };
      const [line = ""] = renderTable([row], three, { ...plain, headers: false, width }).split(
        "\n",
      );
      return line.split(/ {3}/).map((cell) => cell.length);
    };
    expect(widths(84)).toEqual([35, 33, 10]);
    expect(widths(83)).toEqual([34, 33, 10]);
    expect(widths(67)).toEqual([25, 26, 10]);
    expect(widths(34)).toEqual([9, 9, 10]);
    expect(widths(5)).toEqual([8, 8, 8]);
  });

  it("cuts in the middle what tells by both of its ends", () => {
    const paths: Column<Row>[] = [{ title: "P", cell: ({ name }) => name, flexible: "middle" }];
    const cut = (name: string, width: number): string | undefined =>
      renderTable([{ name, size: "" }], paths, { ...plain, headers: false, width }).split("\n")[0];
    expect(cut("/var/lib/containers/storage/overlay/abc/merged", 20)).toBe("/var/lib/c…bc/merged");
    expect(cut("/var/lib/containers/storage/overlay/abc/merged", 19)).toBe("/var/lib/…bc/merged");
    expect(cut("データデータ/データ", 12)).toBe("データ…ータ");
    expect(cut("short", 20)).toBe("short");
  });

  it("cuts wide characters where they fit, and never half of one", () => {
    const [, row] = lines([{ name: "データデータデータ", size: "1" }], { width: 16 });
    expect(row).toBe("データデ…      1");
  });

  it("leaves the least of every column, however narrow the terminal", () => {
    const [, row] = lines([{ name: "checkpoint/pages-1.img", size: "4.0 KiB" }], { width: 5 });
    expect(row).toBe("checkpo…   4.0 KiB");
  });

  it("paints a cell after it was cut and padded", () => {
    const painted: Column<Row>[] = [
      { title: "NAME", cell: ({ name }) => name, paint: (text, _row, { red }) => red(text) },
      { title: "SIZE", cell: ({ size }) => size },
    ];
    const rows = [{ name: "x", size: "1" }];
    expect(renderTable(rows, painted, { ...plain, style: colourStyle })).toBe(
      "\u001b[2mNAME   SIZE\u001b[22m\n\u001b[31mx   \u001b[39m   1\n",
    );
    expect(renderTable(rows, painted, plain)).not.toContain("\u001b");
  });

  it("keeps any text on its line and inside any width that leaves room", () => {
    const row = fc.record({
      name: fc.string({ unit: "binary" }),
      size: fc.string({ maxLength: 5 }),
    });
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 6 }),
        fc.integer({ min: 120, max: 200 }),
        (rows, width) => {
          const table = lines(rows, { width });
          expect(table).toHaveLength(rows.length + 1);
          for (const line of table) {
            expect(displayWidth(line)).toBeLessThanOrEqual(width);
            expect(line).not.toMatch(unsafe);
          }
        },
      ),
    );
  });
});

describe("fields", () => {
  it("stand below one another with their labels aligned", () => {
    expect(
      renderFields([
        ["Name", "counter"],
        ["Image ref", "x"],
      ]),
    ).toBe("  Name       counter\n  Image ref  x\n");
  });

  it("are sanitised, labels too: annotations give both", () => {
    expect(renderFields([["a\nb", "\u001b]0;x\u0007"]])).toBe("  a\\nb  \\x1b]0;x\\x07\n");
  });

  it("are nothing where there are none", () => {
    expect(renderFields([])).toBe("");
  });

  it("break at spaces on a terminal, below themselves", () => {
    const value = "one two three four five six seven eight";
    const text = renderFields([["Evidence", value]], { width: 32 });
    expect(text).toBe(
      ["  Evidence  one two three four", "            five six seven eight", ""].join("\n"),
    );
  });

  it("are cut with … after three lines, or where one word is longer than a line", () => {
    const long = renderFields([["X", "word ".repeat(40).trim()]], { width: 30 });
    expect(long.split("\n")).toHaveLength(4);
    expect(long).toMatch(/…\n$/);
    const word = renderFields([["X", "x".repeat(99)]], { width: 30 });
    expect(word).toBe(`  X  ${"x".repeat(24)}…\n`);
    for (const line of [...long.split("\n"), ...word.split("\n")]) {
      expect(displayWidth(line)).toBeLessThanOrEqual(30);
    }
  });

  it("are whole where no terminal is", () => {
    expect(renderFields([["X", "x".repeat(500)]])).toBe(`  X  ${"x".repeat(500)}\n`);
  });
});
