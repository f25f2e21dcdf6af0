import type { Extent, OpenSpace } from "../../../src/tui/effects/byte-space.ts";
import { piecesOf } from "../../../src/tui/effects/pieces.ts";
import type { Answering } from "./hex-view.ts";

/** A part of a region whose bytes are at one place. */
export interface ToyPart {
  origin: Extent["origin"];
  bytes: Uint8Array;
}

export interface ToyRegion {
  start: bigint;
  parts: ToyPart[];
}

/** A small space in memory, of which everything can be checked byte by byte. */
export class ToySpace implements OpenSpace {
  readonly extents: (Extent & { bytes: Uint8Array })[] = [];
  readonly regions: { start: bigint; end: bigint }[] = [];
  reads = 0;

  constructor(regions: readonly ToyRegion[]) {
    for (const { start, parts } of regions) {
      let at = start;
      for (const { origin, bytes } of parts) {
        const end = at + BigInt(bytes.length);
        this.extents.push({ start: at, end, origin, bytes });
        at = end;
      }
      this.regions.push({ start, end: at });
    }
  }

  layout() {
    return {
      title: "toy",
      end: 1n << 64n,
      starts: BigUint64Array.from(this.regions, ({ start }) => start),
      ends: BigUint64Array.from(this.regions, ({ end }) => end),
      names: this.regions.map((_, at) => `region${at}`),
      permissions: this.regions.map(() => "rw-p"),
    };
  }

  extentAt(address: bigint): Extent & { bytes: Uint8Array } {
    const found = this.extents.find(({ start, end }) => address >= start && address < end);
    if (found === undefined) throw new Error(`${address} is in no region`);
    return found;
  }

  async read(start: bigint, end: bigint): Promise<Uint8Array> {
    this.reads += Number(end - start);
    const extent = this.extentAt(start);
    if (extent.origin !== "dumped" || end > extent.end) throw new Error("a read leaves its extent");
    return extent.bytes.slice(Number(start - extent.start), Number(end - extent.start));
  }

  /** The byte at an address; undefined where none is known. */
  byteAt(address: bigint): number | undefined {
    const extent = this.extents.find(({ start, end }) => address >= start && address < end);
    if (extent?.origin === "zero") return 0;
    return extent?.origin === "dumped" ? extent.bytes[Number(address - extent.start)] : undefined;
  }

  /** Every line of the space from its first region to its last, made row by row. */
  lines(width: number): { start: bigint; end: bigint; kind: string }[] {
    const lines: { start: bigint; end: bigint; kind: string }[] = [];
    let last = 0n;
    for (const { start, end } of this.regions) {
      if (start > last) lines.push({ start: last, end: start, kind: "gap" });
      lines.push({ start, end: start, kind: "heading" });
      for (const extent of this.extents.filter((it) => it.start >= start && it.end <= end)) {
        if (extent.origin !== "dumped") lines.push({ ...place(extent), kind: "absent" });
        else lines.push(...folded(extent, BigInt(width)));
      }
      last = end;
    }
    lines.push({ start: last, end: 1n << 64n, kind: "gap" });
    return lines;
  }
}

const place = ({ start, end }: Extent): { start: bigint; end: bigint } => ({ start, end });

function folded(extent: Extent & { bytes: Uint8Array }, width: bigint) {
  const rows: { start: bigint; end: bigint; hex: string }[] = [];
  for (let start = extent.start; start < extent.end; ) {
    const next = start - (start % width) + width;
    const end = next < extent.end ? next : extent.end;
    const bytes = extent.bytes.subarray(Number(start - extent.start), Number(end - extent.start));
    rows.push({ start, end, hex: Buffer.from(bytes).toString("hex") });
    start = end;
  }
  const block = (address: bigint): bigint => address / (16n * 1024n * 1024n);
  const lines: { start: bigint; end: bigint; kind: string }[] = [];
  for (let at = 0; at < rows.length; ) {
    const first = rows[at] as (typeof rows)[0];
    let to = at + 1;
    const isWhole = first.hex.length === Number(width) * 2;
    while (
      isWhole &&
      rows[to]?.hex === first.hex &&
      block(rows[to]?.start ?? 0n) === block(first.start)
    ) {
      to += 1;
    }
    const zero = /^0+$/.test(first.hex);
    const least = zero ? 2 : 3;
    const shown = to - at < least ? to : zero ? at : at + 1;
    for (const row of rows.slice(at, shown)) lines.push({ ...row, kind: "row" });
    const rest = rows.slice(shown, to);
    const [head, tail] = [rest[0], rest.at(-1)];
    if (head !== undefined && tail !== undefined) {
      lines.push({ start: head.start, end: tail.end, kind: "same" });
    }
    at = to;
  }
  return lines.map(({ start, end, kind }) => ({ start, end, kind }));
}

/** Answers questions about such a space. */
export function toyAnswers(space: ToySpace): Answering {
  return (question, reply) => {
    void (async () => {
      if (question.of === "space") {
        reply({ answer: { of: "space", value: space.layout() }, part: false });
      } else if (question.of === "bytes") {
        const { from, to, width } = question;
        const value = await piecesOf(space, from, to, width);
        reply({ answer: { of: "bytes", value }, part: false });
      }
    })();
    return { drop: () => {} };
  };
}
