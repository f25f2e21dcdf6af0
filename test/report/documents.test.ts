import fc from "fast-check";
import { describe, expect, it } from "vitest";
import yaml from "yaml";
import { escapeJson, renderJsonLine, renderJson as renderPieces } from "../../src/report/json.ts";
import { renderYaml } from "../../src/report/yaml.ts";
import { unsafe } from "./unsafe.ts";

const renderJson = (value: unknown, most?: number): string =>
  [...renderPieces(value, most)].join("");

const hostile = {
  escape: "\u001b[2J\u001b]0;title\u0007",
  direction: "\u202eevil\u2066",
  c1: "\u009b31m\u0085",
  lines: "a\nb\r\nc\u2028d",
  hidden: "a\u200bb\ufeffc\u{e0041}d",
  // What YAML would read as something else than a text.
  words: ["yes", "null", "0x10", "1e3", "~", "- a", "a: b", "#", "'", '"', "*a", "&a", "", " "],
  "\u001bkey": { "a\nb": 1 },
  numbers: [0, -1, 1.5, 2 ** 53 - 1],
  nothing: null,
  list: [],
  object: {},
};

describe("JSON", () => {
  it("is one document with a final line break, indented by two", () => {
    expect(renderJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}\n');
    expect(renderJsonLine({ a: [1] })).toBe('{"a":[1]}\n');
  });

  it("gives u64 values as hexadecimal texts", () => {
    expect(JSON.parse(renderJson({ at: 0x7ffe_770f_9ebbn, most: 2n ** 64n - 1n }))).toEqual({
      at: "0x7ffe770f9ebb",
      most: "0xffffffffffffffff",
    });
  });

  it("holds nothing that moves a cursor or reorders a line, and says the same", () => {
    for (const text of [renderJson(hostile), renderJsonLine(hostile)]) {
      expect(text).not.toMatch(unsafe);
      expect(JSON.parse(text)).toEqual(hostile);
    }
    expect(renderJsonLine("\u202e\u009b\u{e0041}")).toBe('"\\u202e\\u009b\\udb40\\udc41"\n');
  });

  it("is the same text in however small pieces it comes", () => {
    const whole = (value: unknown): string => renderJson(value, Number.POSITIVE_INFINITY);
    const absent = { a: undefined, b: [undefined, { c: undefined }], d: 1n, e: [[], {}, [[]]] };
    for (const value of [hostile, absent, [], {}, "text", null]) {
      expect(renderJson(value)).toBe(whole(value));
      for (const most of [1, 2, 3, 7]) expect(renderJson(value, most)).toBe(whole(value));
    }
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 9 }), (value, most) => {
        expect(renderJson(value, most)).toBe(`${escapeJson(JSON.stringify(value, null, 2))}\n`);
      }),
    );
  });

  it("comes in pieces of bounded length", () => {
    const row = { name: "x".repeat(40), numbers: [1, 2, 3] };
    const items = Array.from({ length: 5000 }, () => row);
    const pieces = [...renderPieces({ items, other: { items } }, 100)];
    expect(pieces.length).toBeGreaterThan(100);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(8000);
  });

  it("leaves what people write as it is", () => {
    expect(renderJsonLine("Größe データ 🧊 é")).toBe('"Größe データ 🧊 é"\n');
    expect(escapeJson('{"a":1}')).toBe('{"a":1}');
  });

  it("says the same as the value, whatever that is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = renderJson(value);
        expect(text).not.toMatch(unsafe);
        // JSON knows no negative zero.
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("YAML", () => {
  it("says the same as JSON", async () => {
    const text = await renderYaml(hostile);
    expect(text).not.toMatch(unsafe);
    expect(yaml.parse(text)).toEqual(hostile);
  });

  it("gives u64 values as texts, which no reader takes for numbers", async () => {
    const text = await renderYaml({ at: 16n });
    expect(yaml.parse(text)).toEqual({ at: "0x10" });
  });

  it("has no aliases where a value stands twice", async () => {
    const shared = { a: 1 };
    expect(await renderYaml({ x: shared, y: shared })).toBe("x:\n  a: 1\ny:\n  a: 1\n");
  });

  it("does not break long lines", async () => {
    const long = "word ".repeat(100).trim();
    expect((await renderYaml({ long })).split("\n")).toHaveLength(2);
  });

  it("says the same as JSON, whatever the value is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: "binary" }), async (value) => {
        const text = await renderYaml(value);
        expect(text).not.toMatch(unsafe);
        expect(yaml.parse(text)).toEqual(JSON.parse(renderJson(value)));
      }),
    );
  });

  it("refuses what it could not hold, and names JSON", async () => {
    const items = new Array(50).fill(1);
    expect(await renderYaml({ items }, 60)).toContain("items:");
    await expect(renderYaml({ items }, 40)).rejects.toMatchObject({
      kind: "usage",
      detail: { allowed: "40 values", next: expect.stringContaining("-o json") },
    });
  });
});
