import { type Sieve, sieveBytes } from "../expression/sieve.ts";
import { kernelBytes } from "./kernel-bytes.ts";

interface Exports {
  find(at: number, end: number, a: number, b: number, gap: number): number;
  runs(at: number, end: number, least: number, out: number, capacity: number): number;
  lines(plan: number, at: number, end: number, safe: number, least: number): number;
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
  /** Where a search puts the bytes that it looks at. */
  readonly window: Uint8Array;
  /** Room for what is found; `runs` writes over it. */
  readonly room: Uint8Array;

  /** @param windowBytes the longest window that will be searched. */
  constructor(windowBytes: number) {
    this.#out = Math.ceil((windowBytes + slack) / 16) * 16;
    const bytes = this.#out + runCapacity * 8 + sieveBytes;
    const memory = new Memory({ initial: Math.ceil(bytes / pageBytes) });
    const instance = new Instance(compiled(), { env: { memory } });
    this.#exports = instance.exports as Exports;
    this.window = new Uint8Array(memory.buffer, 0, windowBytes);
    this.room = new Uint8Array(memory.buffer, this.#out, runCapacity * 8);
    this.#words = new Uint32Array(memory.buffer, this.#out, runCapacity * 2);
    this.#table = new Uint8Array(memory.buffer, this.#out + runCapacity * 8, sieveBytes);
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
}

let module: object | undefined;

function compiled(): object {
  module ??= new Module(Buffer.from(kernelBytes, "base64"));
  return module;
}
