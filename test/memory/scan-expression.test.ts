import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { shapeOf } from "../../src/memory/expression/parse.ts";
import { expressionMatcher } from "../../src/memory/matcher.ts";
import { scan } from "../../src/memory/scan.ts";
import { scanStream } from "../../src/memory/scan-stream.ts";

type Place = [start: number, end: number];

/** Few different bytes, so that expressions match, overlap and touch the borders of windows. */
const alphabet = [..."aaaaaabbbbccAB01-_={\n\0\xff\xc3\xa9"];
const bytes = fc
  .subarray(alphabet, { minLength: 2, maxLength: 5 })
  .chain((few) => fc.array(fc.constantFrom(...few), { maxLength: 80, size: "max" }))
  .map((characters) => Buffer.from(characters.join(""), "latin1"));

const atom = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(..."aaaabbbccAB01-_=") },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...["[ab]", "[^a]", "[a-c]", "[\\w-]", "[0-9]", "[^\\]\\n]", "[]", "[^]", "[\\b\\xff]"],
      ...[".", "\\d", "\\w", "\\s", "\\W", "\\0", "\\x61", "\\u0062", "\\cJ", "\\-", '"', "é"],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom("{", "}", "]", "\\1", "{,2}", "\\p", "a{1") },
  { weight: 2, arbitrary: fc.constantFrom("^", "$", "\\b", "\\B") },
);
const count = fc.constantFrom(
  "",
  "",
  "",
  "",
  "+",
  "*",
  "+",
  "?",
  "{2}",
  "{1,3}",
  "{2,}",
  "+?",
  "*?",
);

const { expression } = fc.letrec<{ expression: string; part: string; item: string }>((tie) => ({
  expression: fc.oneof(
    { withCrossShrink: true, maxDepth: 4 },
    tie("part"),
    fc.tuple(tie("part"), tie("expression")).map(([a, b]) => `${a}|${b}`),
  ),
  part: fc.array(tie("item"), { minLength: 1, maxLength: 5 }).map((items) => items.join("")),
  item: fc.oneof(
    { withCrossShrink: true, maxDepth: 3 },
    fc.tuple(atom, count).map(([a, b]) => (/^[\^$]$|^\\[bB]$/.test(a) ? a : a + b)),
    fc
      // More would take the engine exponential time.
      .tuple(
        fc.constantFrom("(", "(?:", "(?<n>"),
        tie("expression"),
        fc.constantFrom("", "?", "{2}"),
      )
      .map(([open, inside, times]) => `${open}${inside})${times}`),
    fc.constantFrom("(?:ab|c)+", "(?:a_)*", "(?:a\\d|B)+?", "(?:\\w=){2,}"),
    fc
      .tuple(fc.constantFrom("(?=", "(?!", "(?<=", "(?<!"), tie("expression"))
      .map(([open, inside]) => `${open}${inside})`),
  ),
}));

/** What chance rarely makes and matters: parts of no fixed length, and looks beyond the match. */
const chosen = fc.constantFrom(
  ...["ca+b", "b(?:a|bc)+a", "a(?=bbb)", "a(?!bbb)", "ab\\b", "ab$", "(?<=bab)a", "\\Bb{2}\\B"],
  ...["[a-c]+_b", "a.*b", "(?:ab|ba|aa)(?:bc|ca)", "a{3,5}b?", "(a)\\1b", "^ab", "(?:a|b_)?c{2}"],
);

/** What the engine finds in the whole; undefined where it takes the expression for none. */
function naive(source: string, ignoreCase: boolean, whole: Buffer): Place[] | undefined {
  let engine: RegExp;
  try {
    engine = new RegExp(source.replaceAll("é", "(?:\\xc3\\xa9)"), ignoreCase ? "gim" : "gm");
  } catch {
    return undefined;
  }
  const found: Place[] = [];
  for (const match of whole.toString("latin1").matchAll(engine)) {
    if (match[0].length > 0) found.push([match.index, match.index + match[0].length]);
  }
  return found;
}

async function scanned(source: string, ignoreCase: boolean, whole: Buffer, step: number) {
  const found: Place[] = [];
  // The real limits are 64 bytes and 64 KiB; these make windows of a few bytes possible.
  const matcher = { ...expressionMatcher(source, ignoreCase), lookBack: 400 };
  if (matcher.longest > 1000) matcher.longest = 450;
  for await (const batch of scan(new BufferSource(whole), 0, whole.length, matcher, step)) {
    found.push(...batch.matches.map(({ start, end }): Place => [start, end]));
  }
  return found;
}

describe("a search for an expression", () => {
  it("finds what the engine finds in the whole, whatever expression and window", async () => {
    let sharp = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 4, arbitrary: expression }, { weight: 1, arbitrary: chosen }),
        fc.boolean(),
        bytes,
        fc.integer({ min: 1, max: 50 }),
        async (source, ignoreCase, whole, step) => {
          const expected = naive(source, ignoreCase, whole);
          fc.pre(expected !== undefined);
          if (shapeOf(source, "m")?.need !== undefined) sharp += 1;
          expect(await scanned(source, ignoreCase, whole, step)).toEqual(expected);
        },
      ),
      { numRuns: 1200, seed: 11 },
    );
    // Expressions of which nothing is known would prove nothing here.
    expect(sharp).toBeGreaterThan(1000);
  });

  it("finds the same in a stream", async () => {
    await fc.assert(
      fc.asyncProperty(expression, fc.array(bytes, { maxLength: 8 }), async (source, chunks) => {
        const whole = Buffer.concat(chunks);
        const expected = naive(source, false, whole);
        fc.pre(expected !== undefined);
        const matcher = { ...expressionMatcher(source), lookBack: 700 };
        if (matcher.longest > 1000) matcher.longest = 700;
        const stream = (async function* () {
          yield* chunks;
        })();
        const found: Place[] = [];
        for await (const batch of scanStream(stream, matcher, 0, 50)) {
          for (const hit of batch) found.push([hit.offset, hit.offset + hit.bytes.length]);
        }
        expect(found).toEqual(expected);
      }),
      { numRuns: 300, seed: 13 },
    );
  });

  it("asks the engine alone where places to try are crowded", async () => {
    const whole = Buffer.from("x1".repeat(40_000) + "ab".repeat(40_000));
    for (const source of ["[a-z]\\d", "\\w+b", "(?:ab){3}", "[a-z0-9]*b1?"]) {
      const found = await scanned(source, false, whole, 30_000);
      expect(found.length).toBeGreaterThan(0);
    }
    expect(await scanned("[a-z]\\d", false, whole, 30_000)).toEqual(
      naive("[a-z]\\d", false, whole),
    );
  });
});
