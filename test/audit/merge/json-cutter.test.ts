import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cut, JsonCutter } from "../../../src/audit/merge/json-cutter.ts";
import type { Fault } from "../../../src/base/errors.ts";

const wanted = { fields: new Set(["kind", "node"]), lists: new Set(["archives", "problems"]) };

/** Cuts bytes that come in pieces of these lengths, over and over. */
function cut(bytes: Uint8Array, lengths: readonly number[]): Cut[] {
  const cutter = new JsonCutter(wanted);
  const cuts: Cut[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] as number;
    cuts.push(...cutter.push(bytes.subarray(at, at + length)));
    at += length;
  }
  cutter.finish();
  return cuts;
}

function faultOf(text: string): Fault["detail"] | undefined {
  try {
    cut(Buffer.from(text), [3]);
    return undefined;
  } catch (error) {
    return (error as Fault).detail;
  }
}

/** What cuts say of documents: their wanted parts. */
function joined(cuts: readonly Cut[]): Record<string, unknown>[] {
  const documents: Record<string, unknown>[] = [];
  for (const one of cuts) {
    if (one.kind === "begin") documents.push({});
    const open = documents.at(-1) as Record<string, unknown>;
    if (one.kind === "field") open[one.name] = one.value;
    if (one.kind !== "item") continue;
    const list = (open[one.list] ?? []) as unknown[];
    expect(one.index).toBe(list.length);
    open[one.list] = [...list, one.value];
  }
  return documents;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The same of documents that JSON.parse has read. */
function parts(document: Record<string, unknown>): Record<string, unknown> {
  const names = [...wanted.fields, ...wanted.lists].filter((name) => Object.hasOwn(document, name));
  const known = names.map((name): [string, unknown] => [name, document[name]]);
  return Object.fromEntries(known.filter(([name, of]) => !wanted.lists.has(name) || !isEmpty(of)));
}

const value = fc.jsonValue({ maxDepth: 3 });
const document = fc.record(
  {
    kind: value,
    node: fc.string({ unit: "binary" }),
    archives: fc.oneof(fc.array(value, { maxLength: 4 }), value),
    problems: fc.array(value, { maxLength: 3 }),
    'odd "name\\': value,
  },
  { requiredKeys: [] },
);

describe("cutting JSON", () => {
  it("finds what JSON.parse finds, whatever the pieces are", () => {
    const property = fc.property(
      fc.array(document, { maxLength: 3 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(undefined, 1, 2),
      (documents, lengths, indent) => {
        const text = documents.map((one) => JSON.stringify(one, null, indent)).join("\n");
        const plain = documents.map((one) => JSON.parse(JSON.stringify(one)) as typeof one);
        expect(joined(cut(Buffer.from(text), lengths))).toEqual(plain.map(parts));
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it("tells where a report breaks off, at every byte", () => {
    const text = '{"kind":"A","archives":[{"a":"\\"}"},2],"x":[[]]}';
    for (let end = 1; end < text.length; end += 1) {
      expect(faultOf(text.slice(0, end)), text.slice(0, end)).toMatchObject({
        code: "report-truncated",
        where: { offset: end },
      });
    }
  });

  it.each([
    ["no report", "hello", 0, '"h"'],
    ["a list", " [1]", 1, '"["'],
    ["a control character", "\u0001", 0, "byte 0x01"],
    ["a missing colon", '{"kind" 1}', 8, '"1"'],
    ["a missing comma", '{"kind":1 "a":2}', 10, '"\\""'],
    ["a comma too many", '{"kind":1,}', 10, '"}"'],
    ["a list with a comma too many", '{"archives":[1,]}', 15, '"]"'],
    ["text behind a report", '{"kind":1}x', 10, '"x"'],
  ])("says what is wrong of %s", (_name, text, offset, found) => {
    expect(faultOf(text)).toMatchObject({ where: { offset }, found });
  });

  it("says what is wrong inside of a value", () => {
    expect(faultOf('{"archives":[1,{"a":tru}]}')).toMatchObject({
      code: "report-syntax",
      where: { offset: 15 },
    });
    expect(faultOf('{"kind":1,"kind":2}')).toMatchObject({ found: 'a second "kind"' });
    expect(faultOf(`{"x":${"[".repeat(1e5)}`)).toMatchObject({ code: "report-depth" });
  });

  it("holds no value that is larger than any of a report", () => {
    const cutter = new JsonCutter(wanted);
    const flood = (): void => {
      for (const _ of cutter.push(Buffer.from('{"node":"')));
      const piece = Buffer.alloc(1024 * 1024, "a");
      for (let left = 64; left > 0; left -= 1) for (const _ of cutter.push(piece));
    };
    expect(flood).toThrow("larger than any");
  });

  it("passes over what is not wanted, however large it is", () => {
    const cutter = new JsonCutter(wanted);
    const cuts = [...cutter.push(Buffer.from('{"other":["'))];
    const piece = Buffer.alloc(1024 * 1024, "a");
    for (let left = 40; left > 0; left -= 1) cuts.push(...cutter.push(piece));
    cuts.push(...cutter.push(Buffer.from('"],"node":"n"}')));
    expect(cuts.map(({ kind }) => kind)).toEqual(["begin", "field", "end"]);
  });
});
