import { type Sieve, sieveBytes } from "../expression/sieve.ts";
import { kernelBytes } from "./kernel-bytes.ts";
import { type KeywordPlan, planBytes, resumeOffset } from "./keyword-plan.ts";

interface Exports {
  find(at: number, end: number, a: number, b: number, gap: number): number;
  runs(at: number, end: number, least: number, out: number, capacity: number): number;
  lines(plan: number, at: number, end: number, safe: number, least: number): number;
  keywords(
    plan: number,
    at: number,
    end: number,
    first: number,
    out: number,
    capacity: number,
    most: number,
  ): number;
  wide(at: number, end: number, first: number, out: number, capacity: number): number;
  sift(
    at: number,
    end: number,
    tests: number,
    first: number,
    gap: number,
    table: number,
    length: number,
    out: number,
    capacity: number,
  ): number;
}

/** What is used of WebAssembly; the compiler's own types for it come only with a browser's. */
interface Wasm {
  Memory: new (description: { initial: number }) => { buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
}
const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

const pageBytes = 64 * 1024;
/** Runs that one call tells; there are rarely more in a window. */
const runCapacity = 64 * 1024;
/** Places that `sift` tells at most. */
export const siftCapacity = 2 * runCapacity;
/** Bytes that `keywordsIn` takes at a time. */
export const narrowBytes = 64 * 1024;
/** The kernel reads whole blocks, and so some bytes behind the end. */
const slack = 1024;

/**
 * The SIMD kernel with its own memory: a window for bytes, and room for what `runs` finds. One
 * instance is used by one search at a time.
 */
export class Kernel {
  readonly #exports: Exports;
  readonly #out: number;
  readonly #words: Uint32Array;
  readonly #table: Uint8Array;
  #sieve: Sieve | undefined;
  readonly #planAt: number;
  readonly #narrow: Uint8Array;
  #plan: KeywordPlan | undefined;
  /** Where a search puts the bytes that it looks at. */
  readonly window: Uint8Array;
  /** Room for what is found; `runs` writes over it. */
  readonly room: Uint8Array;

  /** @param windowBytes the longest window that will be searched. */
  constructor(windowBytes: number) {
    this.#out = Math.ceil((windowBytes + slack) / 16) * 16;
    this.#planAt = this.#out + runCapacity * 8 + sieveBytes;
    const narrowAt = this.#planAt + planBytes;
    const bytes = narrowAt + narrowBytes + slack;
    const memory = new Memory({ initial: Math.ceil(bytes / pageBytes) });
    const instance = new Instance(compiled(), { env: { memory } });
    this.#exports = instance.exports as Exports;
    this.window = new Uint8Array(memory.buffer, 0, windowBytes);
    this.room = new Uint8Array(memory.buffer, this.#out, runCapacity * 8);
    this.#words = new Uint32Array(memory.buffer, this.#out, runCapacity * 2);
    this.#table = new Uint8Array(memory.buffer, this.#out + runCapacity * 8, sieveBytes);
    this.#narrow = new Uint8Array(memory.buffer, narrowAt, narrowBytes);
  }

  /** Puts bytes into the window, unless they are there already. */
  load(bytes: Uint8Array): void {
    if (bytes.buffer === this.window.buffer && bytes.byteOffset === 0) return;
    this.window.set(bytes);
  }

  /**
   * First offset in [from, to) of the window with byte `a` there and byte `b` at `gap` behind it;
   * `to` if there is none.
   */
  find(from: number, to: number, a: number, b: number, gap: number): number {
    return from >= to ? to : this.#exports.find(from, to, a, b, gap);
  }

  /**
   * Calls `found` for each run of at least `least` printable ASCII characters in [from, to) of
   * the window, and for one that reaches `to` whatever its length.
   */
  runs(from: number, to: number, least: number, found: (start: number, end: number) => void): void {
    let at = from;
    while (at < to) {
      const count = this.#exports.runs(at, to, least, this.#out, runCapacity);
      for (let index = 0; index < count; index++) {
        found(this.#words[index * 2] as number, this.#words[index * 2 + 1] as number);
      }
      if (count < runCapacity) return;
      at = this.#words[count * 2 - 1] as number;
    }
  }

  /**
   * Writes texts of [from, to) that begin before `safe` as lines, by the plan at the start of
   * `room` (see text-printer.ts). Returns why it ended.
   */
  lines(from: number, to: number, safe: number, least: number): number {
    return this.#exports.lines(this.#out, from, to, safe, least);
  }

  /**
   * Offsets in [from, to) of the window where the stretch of a sieve begins; it ends before `to`.
   * Ascending, a view that holds until the next call; `siftCapacity` of them at most.
   */
  sift(sieve: Sieve, from: number, to: number): Uint32Array {
    if (this.#sieve !== sieve) {
      this.#table.set(sieve.table);
      this.#sieve = sieve;
    }
    const { length, first, gap, tests } = sieve;
    if (to - from < length) return this.#words.subarray(0, 0);
    const at = from + first;
    const end = to - length + 1 + first;
    const table = this.#table.byteOffset;
    const { sift } = this.#exports;
    const count = sift(at, end, tests, first, gap, table, length, this.#out, siftCapacity);
    return this.#words.subarray(0, count);
  }

  /**
   * Calls `found` for each keyword of a plan, in upper or lower case, that begins in [from, to) of
   * the window and ends before `to`: where it begins, and its number. Nearly ascending: by a place
   * inside the keyword.
   */
  keywords(
    plan: KeywordPlan,
    from: number,
    to: number,
    found: (start: number, keyword: number) => void,
  ): void {
    this.#findKeywords(plan, 0, from, to, found);
  }

  /**
   * Calls `found` for each run of eight or more printable ASCII characters in UTF-16 (little
   * endian) that touches [from, to) of the window; its start may lie before `from`.
   */
  wide(from: number, to: number, found: (start: number, end: number) => void): void {
    for (let [at, first] = [from, 0]; at < to; ) {
      const count = this.#exports.wide(at, to, first, this.#out, runCapacity);
      const runs = this.#words.slice(0, count * 2);
      for (let index = 0; index < runs.length; index += 2) {
        found(runs[index] as number, runs[index + 1] as number);
      }
      if (count < runCapacity) return;
      first = runs.at(-1) as number;
      at = first;
    }
  }

  /** The same as `keywords` over up to `narrowBytes` bytes that are not in the window. */
  keywordsIn(
    bytes: Uint8Array,
    plan: KeywordPlan,
    found: (start: number, keyword: number) => void,
  ): void {
    this.#narrow.set(bytes);
    this.#findKeywords(plan, this.#narrow.byteOffset, 0, bytes.length, found);
  }

  #findKeywords(
    plan: KeywordPlan,
    base: number,
    from: number,
    to: number,
    found: (start: number, keyword: number) => void,
  ): void {
    if (this.#plan !== plan) {
      new Uint8Array(this.window.buffer, this.#planAt, plan.bytes.length).set(plan.bytes);
      this.#plan = plan;
    }
    const { keywords } = this.#exports;
    const resume = new Uint32Array(this.window.buffer, this.#planAt + resumeOffset, 1);
    const words = this.#words;
    for (let at = from; at < to; ) {
      const [start, end] = [base + at, base + to];
      const room = runCapacity;
      const count = keywords(this.#planAt, start, end, base + from, this.#out, room, plan.count);
      at = (resume[0] as number) - base;
      for (let index = 0; index < count * 2; index += 2) {
        found((words[index] as number) - base, words[index + 1] as number);
      }
    }
  }
}

let module: object | undefined;

function compiled(): object {
  module ??= new Module(Buffer.from(kernelBytes, "base64"));
  return module;
}
