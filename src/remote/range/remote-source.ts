import { createHash, type Hash } from "node:crypto";
import type { ByteSource } from "../../base/byte-source.ts";
import { concat } from "../../base/bytes.ts";
import { changed, senseless } from "../faults.ts";
import { Blocks, blockBytes } from "./blocks.ts";
import type { Beginning, Ranges } from "./ranges.ts";
import type { Resource } from "./resource.ts";

/** Reads up to this length go through the blocks; longer ones are not read again soon. */
const smallBytes = 256 * 1024;
/** Blocks that one request brings when reads follow one another: 256 KiB. */
const mostAhead = 16;

interface SourceHooks {
  /** Told before all of it is fetched in one pass. */
  fetching?: ((bytes: number) => void) | undefined;
  /** `sha256:…`, `sha512:…` that all bytes together must have. */
  digest?: string | undefined;
}

/**
 * The bytes of a resource by ranges. Small reads bring blocks, and more of them at a time while they
 * follow one another; a gap is passed over. Large ones go by in one request.
 */
export class RemoteSource implements ByteSource {
  readonly size: number;
  readonly #ranges: Ranges;
  readonly #resource: Resource;
  readonly #hooks: SourceHooks;
  readonly #head: Uint8Array;
  readonly #blocks = new Blocks();
  #ahead = 4;

  constructor({ ranges, head }: Beginning, resource: Resource, hooks: SourceHooks = {}) {
    this.size = ranges.version.size;
    this.#ranges = ranges;
    this.#resource = resource;
    this.#hooks = hooks;
    this.#head = head;
    for (let block = 0; (block + 1) * blockBytes <= head.length; block += 1) {
      this.#keep(block, head.slice(block * blockBytes, (block + 1) * blockBytes));
    }
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    if (end <= offset) return new Uint8Array();
    if (end <= this.#head.length) return this.#head.slice(offset, end);
    const result = new Uint8Array(end - offset);
    await this.readInto(offset, result);
    return result;
  }

  async readInto(offset: number, target: Uint8Array): Promise<void> {
    const end = offset + target.length;
    if (target.length > smallBytes || !this.#ranges.parts) {
      let at = 0;
      for await (const bytes of this.#pass(offset, end)) {
        target.set(bytes, at);
        at += bytes.length;
      }
      return;
    }
    const first = Math.floor(offset / blockBytes);
    const behind = Math.ceil(end / blockBytes);
    const waiting: Promise<Uint8Array>[] = [];
    for (let block = first; block < behind; block += 1) {
      if (!this.#blocks.has(block)) this.#fetch(block, behind);
      waiting.push(this.#blocks.get(block) as Promise<Uint8Array>);
    }
    // One that fails ends the reading, and nobody waits for the others.
    for (const each of waiting) each.catch(() => {});
    for (const [index, coming] of waiting.entries()) {
      const start = (first + index) * blockBytes;
      const bytes = await coming;
      const from = Math.max(0, offset - start);
      target.set(bytes.subarray(from, end - start), start + from - offset);
    }
  }

  async *stream(offset = 0, length = this.size - offset): AsyncGenerator<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    if (end <= offset) return;
    const whole = offset === 0 && end === this.size;
    const { digest } = this.#hooks;
    const [algorithm = ""] = digest?.split(":") ?? [];
    const hash = whole && digest !== undefined ? createHash(algorithm) : undefined;
    for await (const bytes of this.#stretch(offset, end, whole)) {
      hash?.update(bytes);
      yield bytes;
    }
    if (hash !== undefined) this.#verify(hash, digest as string);
  }

  async *#stretch(from: number, to: number, whole: boolean): AsyncGenerator<Uint8Array> {
    if (to <= this.#head.length || (this.#ranges.parts && to - from <= smallBytes)) {
      yield await this.read(from, to - from);
      return;
    }
    if (whole) this.#hooks.fetching?.(this.size);
    yield* this.#pass(from, to);
  }

  /** Bytes by one request, compared with what was read of them before. */
  async *#pass(from: number, to: number): AsyncGenerator<Uint8Array> {
    let at = from;
    /** Of the block that is going by, where it goes by from its beginning and was read before. */
    let parts: Uint8Array[] | undefined;
    for await (const bytes of this.#ranges.bytes(from, to)) {
      let rest = bytes;
      while (rest.length > 0) {
        const block = Math.floor(at / blockBytes);
        const end = Math.min((block + 1) * blockBytes, to);
        const piece = rest.subarray(0, end - at);
        rest = rest.subarray(piece.length);
        if (at === block * blockBytes) parts = this.#blocks.isMarked(block) ? [] : undefined;
        parts?.push(piece);
        at += piece.length;
        if (at < end) continue;
        if (parts !== undefined && isWhole(block, end, this.size)) {
          this.#compare(block, concat(parts));
        }
        parts = undefined;
      }
      yield bytes;
    }
  }

  #compare(block: number, bytes: Uint8Array): void {
    if (this.#blocks.agrees(block, bytes)) return;
    const found = `other bytes at ${block * blockBytes} than before`;
    throw changed(this.#resource.url, found, "the same bytes each time");
  }

  /** Asks for a block that is not here, with those behind it that are wanted or likely to be. */
  #fetch(first: number, wanted: number): void {
    this.#ahead = this.#blocks.has(first - 1) ? Math.min(this.#ahead * 2, mostAhead) : 1;
    const most = Math.ceil(this.size / blockBytes);
    const behind = Math.min(Math.max(wanted, first + this.#ahead), most);
    let last = first;
    while (last + 1 < behind && !this.#blocks.has(last + 1)) last += 1;
    const run = this.#run(first, last + 1);
    for (let block = first; block <= last; block += 1) {
      const at = (block - first) * blockBytes;
      const coming = run.then((bytes) => {
        // A copy: a block that is kept shall not keep its neighbours.
        const own = bytes.slice(at, at + blockBytes);
        this.#compare(block, own);
        return own;
      });
      coming.catch(() => this.#blocks.forget(block));
      this.#blocks.put(block, coming);
    }
  }

  async #run(first: number, behind: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    const end = Math.min(behind * blockBytes, this.size);
    for await (const bytes of this.#ranges.bytes(first * blockBytes, end)) parts.push(bytes);
    return concat(parts);
  }

  #keep(block: number, bytes: Uint8Array): void {
    this.#blocks.agrees(block, bytes);
    this.#blocks.put(block, Promise.resolve(bytes));
  }

  #verify(hash: Hash, digest: string): void {
    const found = `${digest.split(":")[0]}:${hash.digest("hex")}`;
    if (found === digest) return;
    const { errand, url } = this.#resource;
    throw senseless(errand, "what was read is not what its digest says", url, found, digest);
  }
}

/** A block from its beginning to its end, or to that of all. */
function isWhole(block: number, end: number, size: number): boolean {
  return end === Math.min((block + 1) * blockBytes, size);
}
