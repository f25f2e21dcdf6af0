import { concat } from "../base/bytes.ts";
import { limits } from "../base/limits.ts";
import type { TarMember } from "./member.ts";

/** A run of bytes of a member's stored data. */
export interface ByteRange {
  offset: number;
  length: number;
}

/**
 * What a pass over a compressed archive should keep of a member: all, nothing, or some ranges
 * (sorted, not overlapping). Asked before the member's first byte, when everything that came
 * before it in the archive can already be read from the store.
 */
export type RetainPlan = "all" | "none" | readonly ByteRange[];
export type RetainPolicy = (
  member: TarMember,
  store: RetainedStore,
) => RetainPlan | Promise<RetainPlan>;

/** Members of some size are wanted again in a moment: metadata, process images, tables. */
export const retainSmall: RetainPolicy = (member) =>
  member.storedSize <= limits.retainedMemberBytes ? "all" : "none";

interface Kept {
  start: number;
  bytes: Uint8Array;
}

/** Bytes kept in memory from a pass, with a ceiling for all of them together. */
export class RetainedStore {
  readonly #kept = new Map<number, Kept[]>();
  readonly members: TarMember[] = [];
  #total = 0;
  readonly #limit: number;

  constructor(limit: number = limits.retainedBytes) {
    this.#limit = limit;
  }

  /** Bytes of a member's stored data, if every one of them was kept. The caller must not write. */
  read(member: TarMember, offset: number, length: number): Uint8Array | undefined {
    if (length === 0) return new Uint8Array(0);
    for (const { start, bytes } of this.#kept.get(member.headerOffset) ?? []) {
      if (offset >= start && offset + length <= start + bytes.length) {
        return bytes.subarray(offset - start, offset - start + length);
      }
    }
    return undefined;
  }

  /** A sink that keeps the asked ranges of one member as its bytes go by. */
  collector(member: TarMember, plan: RetainPlan): RangeCollector {
    let ranges: readonly ByteRange[] = [];
    if (plan === "all") ranges = [{ offset: 0, length: member.storedSize }];
    else if (plan !== "none") ranges = plan;
    const granted = ranges.filter(({ length }) => {
      if (length === 0 || this.#total + length > this.#limit) return false;
      this.#total += length;
      return true;
    });
    return new RangeCollector(granted, (start, bytes) => {
      const kept = this.#kept.get(member.headerOffset) ?? [];
      kept.push({ start, bytes });
      this.#kept.set(member.headerOffset, kept);
    });
  }
}

/** Cuts ranges out of a stream of chunks. */
export class RangeCollector {
  readonly #ranges: readonly ByteRange[];
  readonly #keep: (start: number, bytes: Uint8Array) => void;
  #next = 0;
  #position = 0;
  #parts: Uint8Array[] = [];

  constructor(ranges: readonly ByteRange[], keep: (start: number, bytes: Uint8Array) => void) {
    this.#ranges = ranges;
    this.#keep = keep;
  }

  push(chunk: Uint8Array): void {
    const start = this.#position;
    const end = start + chunk.length;
    this.#position = end;
    for (let range = this.#ranges[this.#next]; range; range = this.#ranges[this.#next]) {
      const rangeEnd = range.offset + range.length;
      if (range.offset >= end) return;
      const from = Math.max(start, range.offset);
      const to = Math.min(end, rangeEnd);
      // A copy: a view would keep the whole chunk alive.
      if (from < to) this.#parts.push(chunk.slice(from - start, to - start));
      if (rangeEnd > end) return;
      this.#keep(range.offset, concat(this.#parts));
      this.#parts = [];
      this.#next += 1;
    }
  }
}
