import { createHash } from "node:crypto";

/** A header of a tar is 512 bytes; the way to a server and back costs as much as some 100 KiB. */
export const blockBytes = 16 * 1024;
/** 8 MiB. */
const mostBlocks = 512;
/** Marks of blocks that were read once, some 100 bytes each. */
const mostMarks = 262_144;

/**
 * Blocks of a resource that were read lately; and what all blocks were that were ever read here, so
 * that a server which gives other bytes the second time is found out: what was judged is what is used.
 */
export class Blocks {
  /** In the order of their last use. */
  readonly #held = new Map<number, Promise<Uint8Array>>();
  readonly #marks = new Map<number, string>();

  has(block: number): boolean {
    return this.#held.has(block);
  }

  get(block: number): Promise<Uint8Array> | undefined {
    const held = this.#held.get(block);
    if (held === undefined) return undefined;
    this.#held.delete(block);
    this.#held.set(block, held);
    return held;
  }

  put(block: number, coming: Promise<Uint8Array>): void {
    this.#held.set(block, coming);
    for (const [oldest] of this.#held) {
      if (this.#held.size <= mostBlocks) break;
      this.#held.delete(oldest);
    }
  }

  forget(block: number): void {
    this.#held.delete(block);
  }

  /** Was this block read before, so that `agrees` can tell something? */
  isMarked(block: number): boolean {
    return this.#marks.has(block);
  }

  /** Are these the bytes that the block had, where it was read before? Remembers them else. */
  agrees(block: number, bytes: Uint8Array): boolean {
    const mark = createHash("sha256").update(bytes).digest("base64").slice(0, 22);
    const known = this.#marks.get(block);
    if (known !== undefined) return known === mark;
    if (this.#marks.size < mostMarks) this.#marks.set(block, mark);
    return true;
  }
}
