import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { sanitize } from "../../src/base/text.ts";
import { scan } from "../../src/memory/scan.ts";
import { type Encoding, stringsMatcher, stringText } from "../../src/memory/strings.ts";
import { pieces, textsNaively } from "../support/naive-texts.ts";
import { run } from "../support/run.ts";
import { rich, scratch } from "../support/samples.ts";

async function found(
  bytes: Uint8Array,
  encoding: Encoding,
  least: number,
  step: number,
  longest?: number,
): Promise<{ start: number; end: number }[]> {
  const matcher = stringsMatcher(encoding, least);
  const places: { start: number; end: number }[] = [];
  const source = new BufferSource(bytes);
  const chosen = longest === undefined ? matcher : { ...matcher, longest };
  for await (const { matches } of scan(source, 0, bytes.length, chosen, step)) {
    places.push(...matches);
  }
  return places;
}

const encoding = fc.constantFrom<Encoding>("ascii", "utf8", "utf16le");

describe("texts in memory", () => {
  it("are those that a naive search of the whole finds, whatever the window", async () => {
    await fc.assert(
      fc.asyncProperty(
        encoding,
        pieces(60),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 80 }),
        async (encoding, bytes, least, step) => {
          // The real limit is 64 KiB; a small one makes windows of a few bytes possible.
          const places = await found(bytes, encoding, least, step, bytes.length + 1);
          expect(places).toEqual(textsNaively(bytes, encoding, least));
        },
      ),
      { numRuns: 1500, seed: 13 },
    );
  });

  it.each<[Encoding, string]>([
    ["ascii", "é"],
    ["utf8", "\x80"],
    ["utf16le", "é"],
  ])("of %s are told in pieces of 64 KiB", async (encoding, end) => {
    const text = "plain".repeat(30_000) + (encoding === "utf8" ? "é€𐀀".repeat(9000) : "");
    const bytes = Buffer.concat([
      Buffer.alloc(5),
      Buffer.from(text + end, encoding === "utf16le" ? "utf16le" : "utf8"),
    ]);
    const naive = textsNaively(bytes, encoding, 6);
    expect(naive.length).toBeGreaterThan(2);
    for (const step of [65_536, 65_541, 100_000, 1 << 20]) {
      expect(await found(bytes, encoding, 6, step)).toEqual(naive);
    }
  });

  it("are decoded as they were encoded", () => {
    const text = "grüße – ☃ 𝄞";
    expect(stringText(Buffer.from(text), "utf8")).toBe(text);
    expect(stringText(Buffer.from("plain", "utf16le"), "utf16le")).toBe("plain");
    expect(stringText(Buffer.from("plain\t"), "ascii")).toBe("plain\t");
  });
});

describe("memory strings", () => {
  const strings = (...words: string[]): ReturnType<typeof run> =>
    run(["memory", "strings", rich, "--permissions", "any", ...words]);

  it("prints a line a text, masked unless all is asked for", async () => {
    const { code, out } = await strings();
    expect(code).toBe(0);
    expect(out).toContain("\n1 0x3c5b6710  password=••••••••\n");
    expect(out).not.toContain("hunter2");
    expect((await strings("--reveal")).out).toContain(
      "\n1 0x3c5b6710  password=hunter2-not-real\n",
    );
    expect((await strings("-q")).out).toContain("\npassword=••••••••\n");
  });

  it.each(["ascii", "utf8", "utf16le"])("tells the same as JSON, in %s", async (encoding) => {
    const { out } = await strings("--encoding", encoding);
    const json = await strings("--encoding", encoding, "-o", "jsonl");
    const lines = json.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, string | null>)
      .map(({ pid, address, text }) => `${pid} ${address}  ${sanitize(text ?? "")}\n`);
    expect(lines.length).toBeGreaterThan(0);
    expect(out.replace(/^shared {2}/gm, "null null  ")).toBe(lines.join(""));
  });

  it("writes to a file, and stops after as many as were wanted", async () => {
    const file = join(scratch(), "texts");
    const { out } = await strings("--limit", "9");
    expect(out.split("\n").length).toBe(10);
    expect((await strings("--limit", "9", "--output-file", file)).out).toBe("");
    expect(readFileSync(file, "utf8")).toBe(out);
  });

  it("has no texts longer than its pieces", async () => {
    expect((await strings("--min-length", "16384", "--encoding", "utf8")).code).toBe(0);
    const { code, err } = await strings("--min-length", "16385");
    expect([code, err]).toEqual([2, expect.stringContaining("at most 16384")]);
  });
});
