import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { piecesOf } from "../../../../src/tui/effects/pieces.ts";
import { bytesAt } from "../../../../src/tui/screens/hex/items.ts";
import { type Known, withBlock } from "../../../../src/tui/screens/hex/known.ts";
import { linesFrom } from "../../../../src/tui/screens/hex/places.ts";
import { isOpen, shownOf } from "../../../../src/tui/screens/hex/state.ts";
import { HexView } from "../../support/hex-view.ts";
import { type ToyRegion, ToySpace, toyAnswers } from "../../support/toy-space.ts";

// Few kinds of rows, so that equal ones come in runs; lengths that no row divides now and then.
const part = fc
  .record({
    origin: fc.constantFrom("dumped", "dumped", "dumped", "zero", "file", "missing"),
    rows: fc.array(fc.constantFrom(0, 0, 0, 1, 2, 255), { minLength: 1, maxLength: 60 }),
    odd: fc.constantFrom(0, 0, 0, 5),
    period: fc.constantFrom(0, 0, 4, 32),
  })
  .map(({ origin, rows, odd, period }) => {
    const bytes = new Uint8Array(rows.length * 8 + odd);
    // Rows that are alike, of bytes that are not.
    if (period > 0) return { origin, bytes: bytes.map((_, at) => (at % period) + 1) };
    for (const [at, value] of rows.entries()) bytes.fill(value, at * 8, at * 8 + 8);
    // A row that is unlike its neighbours in its last byte alone.
    if (rows.length > 9) bytes[8 * 9 - 1] = 7;
    return { origin, bytes } as ToyRegion["parts"][0];
  });

const regions = fc
  .array(
    fc.record({
      gap: fc.constantFrom(0n, 4096n, 1n << 40n),
      parts: fc.array(part, { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) => {
    // Around a multiple of 16 MiB, where folds end.
    let at = (1n << 24n) - 256n;
    return all.map(({ gap, parts }): ToyRegion => {
      const start = at + gap;
      at = start + parts.reduce((sum, { bytes }) => sum + BigInt(bytes.length), 0n);
      return { start, parts };
    });
  });

const width = fc.constantFrom(4, 8, 16, 32);

describe("pieces of a space", () => {
  it("are the same whatever part of them was asked for", async () => {
    await fc.assert(
      fc.asyncProperty(regions, width, fc.nat(), fc.nat(), async (all, size, a, b) => {
        const space = new ToySpace(all);
        const region = space.regions[a % space.regions.length] as { start: bigint; end: bigint };
        const length = Number(region.end - region.start);
        const from = region.start + BigInt(b % length);
        const to = from + 1n + BigInt((a + b) % Number(region.end - from));
        const whole = await piecesOf(space, region.start, region.end, size);
        const some = await piecesOf(space, from, to, size);
        expect(some.start <= from && some.end >= to).toBe(true);
        for (const piece of some.pieces) {
          // Folds and what is absent are told whole; bytes are a part of the same bytes.
          const same = whole.pieces.find(
            ({ start, end }) => piece.start >= start && piece.start < end,
          );
          expect(same?.kind).toBe(piece.kind);
          if (piece.kind !== "bytes") expect(same).toEqual(piece);
          else expect(piece.end <= (same?.end ?? 0n)).toBe(true);
        }
        for (const [at, piece] of some.pieces.entries()) {
          if (at > 0) expect(piece.start).toBe(some.pieces[at - 1]?.end);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("keep rows apart that are cut short at both ends", async () => {
    const bytes = new Uint8Array(16);
    const space = new ToySpace([{ start: 24n, parts: [{ origin: "dumped", bytes }] }]);
    const { pieces } = await piecesOf(space, 24n, 40n, 32);
    expect(pieces).toEqual([{ kind: "bytes", start: 24n, end: 40n, bytes }]);
  });

  it("read no more of a long run than the block it lies in", async () => {
    const bytes = new Uint8Array(40 * 1024 * 1024);
    const space = new ToySpace([{ start: 0n, parts: [{ origin: "dumped", bytes }] }]);
    const { start, end } = await piecesOf(space, 20n << 20n, (20n << 20n) + 4096n, 16);
    expect([start, end]).toEqual([16n << 20n, 32n << 20n]);
    expect(space.reads).toBeLessThan(17 * 1024 * 1024);
  });
});

describe("what is known of a space", () => {
  it("is kept near the cursor when there is too much of it", () => {
    const block = (at: number) => ({
      start: BigInt(at * 10),
      end: BigInt(at * 10 + 10),
      pieces: [],
    });
    let known: Known = [];
    for (let at = 100; at < 164; at++) known = withBlock(known, block(at), BigInt(at * 10));
    expect(known.length).toBe(64);
    const below = withBlock(known, block(50), 500n);
    expect(below.map(({ start }) => start)).toEqual([
      500n,
      ...known.slice(0, -1).map(({ start }) => start),
    ]);
    const above = withBlock(known, block(200), 2000n);
    expect(above.at(-1)?.start).toBe(2000n);
    expect(above[0]?.start).toBe(1010n);
    // What was read again takes the place of what it covers.
    expect(withBlock(known, { start: 1005n, end: 1025n, pieces: [] }, 0n).length).toBe(62);
  });
});

/** The bytes that a line of the view shows, by where its columns are. */
function shownBytes(
  row: string,
  size: number,
): { start: bigint; bytes: (number | undefined)[] } | undefined {
  const match = /^[ ▸*]([0-9a-f]{12}) [ [](?!─)/.exec(row);
  if (match === null) return undefined;
  const start = BigInt(`0x${match[1]}`);
  const bytes = Array.from({ length: size }, (_, at) => {
    const column = 15 + at * 3 + Math.floor(at / 8);
    const pair = row.slice(column, column + 2);
    return /^[0-9a-f]{2}$/.test(pair) ? Number.parseInt(pair, 16) : undefined;
  });
  return { start: start - (start % BigInt(size)), bytes };
}

/** Nothing that is shown may differ from the space. */
function checkBytes(view: HexView, space: ToySpace): number {
  let checked = 0;
  for (const row of view.lines) {
    const shown = shownBytes(row, view.state.width);
    for (const [at, byte] of shown?.bytes.entries() ?? []) {
      if (byte === undefined) continue;
      expect(byte).toBe(space.byteAt((shown?.start ?? 0n) + BigInt(at)));
      checked += 1;
    }
  }
  return checked;
}

/** All lines that are shown are lines of the space, side by side, and one of them has the cursor. */
function checkLines(view: HexView, space: ToySpace): void {
  const { state, world } = view;
  if (!isOpen(state)) throw new Error("not open");
  const shown = linesFrom(shownOf(state), state.top, world.body.rows).map(({ place, item }) => ({
    start: item.start,
    end: place.heading ? item.start : item.end,
    kind: place.heading ? "heading" : item.kind,
  }));
  const all = space.lines(state.width);
  const first = all.findIndex(
    ({ start, kind }) => start === shown[0]?.start && kind === shown[0]?.kind,
  );
  expect(shown).toEqual(all.slice(first, first + world.body.rows));
  const { cursor } = state;
  // What the panel reads, through folds and across pieces, as far as it is known.
  const known = [...Array(24).keys()].map((at) => space.byteAt(cursor + BigInt(at)));
  const stop = known.indexOf(undefined);
  const read = [...bytesAt(shownOf(state), cursor, 24)];
  const near = known.slice(0, stop === -1 ? 24 : stop);
  expect(read).toEqual(near.slice(0, read.length));
  expect(read.length).toBeGreaterThanOrEqual(Math.min(1, near.length));
  expect(shown.some(({ start, end }) => cursor >= start && cursor < end)).toBe(true);
}

const moves = fc.constantFrom(
  ..."down down down up up left right page-down page-down page-up mapping-next mapping-previous mapping-start mapping-end bottom".split(
    " ",
  ),
);
const action = fc.oneof(
  { weight: 8, arbitrary: moves },
  {
    weight: 1,
    arbitrary: fc.record({ columns: fc.constantFrom(40, 60, 120, 200), rows: fc.nat({ max: 18 }) }),
  },
);

describe("the hex view, whatever is pressed", () => {
  it("shows the lines of the space, and no byte that is not there", async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(regions, fc.array(action, { maxLength: 25 }), async (all, actions) => {
        const space = new ToySpace(all);
        const view = new HexView({ path: "", pid: 1 }, toyAnswers(space), 120, 12);
        await view.settled();
        for (const one of actions) {
          if (typeof one === "string") view.command(one);
          else view.resize(one.columns, one.rows + 2);
          // Before anything is read, too: what is not known is no byte.
          checked += checkBytes(view, space);
          await view.settled();
          checked += checkBytes(view, space);
          checkLines(view, space);
        }
      }),
      { numRuns: 120 },
    );
    expect(checked).toBeGreaterThan(10_000);
  });

  it("comes back to the same byte when it goes down and up again", async () => {
    await fc.assert(
      fc.asyncProperty(
        regions,
        fc.array(fc.constantFrom("down", "page-down"), { minLength: 1, maxLength: 12 }),
        async (all, steps) => {
          const space = new ToySpace(all);
          const view = new HexView({ path: "", pid: 1 }, toyAnswers(space), 120, 10);
          await view.settled();
          const before = view.state.cursor;
          const passed = [before];
          for (const step of steps) {
            view.command(step);
            await view.settled();
            passed.push(view.state.cursor);
          }
          // Cut off at the end of the space, a page is no page back.
          const isEnd = view.state.cursor >= (space.regions.at(-1)?.end ?? 0n);
          expect(passed).toEqual(passed.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
          if (isEnd) return;
          for (const step of steps.toReversed()) {
            view.command(step.replace("down", "up"));
            await view.settled();
          }
          expect(view.state.cursor).toBe(before);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("takes keys that come faster than reads, and drops what nobody waits for", async () => {
    const bytes = new Uint8Array(1 << 20).map((_, at) => (at * 7919) >> 5);
    const space = new ToySpace([{ start: 0x1000n, parts: [{ origin: "dumped", bytes }] }]);
    const view = new HexView({ path: "", pid: 1 }, toyAnswers(space), 120, 20);
    await view.settled();
    for (let press = 0; press < 400; press++) view.command("page-down");
    expect(view.text).toMatch(/·· ·· ··/);
    expect(view.state.cursor).toBe(0x1000n + BigInt(400 * 19 * 16));
    checkBytes(view, space);
    expect(view.dropped.filter((slot) => slot === "bytes").length).toBeGreaterThan(10);
    await view.settled();
    expect(view.text).not.toContain("··");
    checkLines(view, space);
    // What is kept does not grow with what was looked at.
    expect(view.state.known.length).toBeLessThanOrEqual(64);
    expect(space.reads).toBeLessThan(bytes.length);
  });
});
