import { isZero } from "../base/bytes.ts";
import { blockBytes } from "./tar-header.ts";

/**
 * The two blocks that stand where the next header is due. tar-stream passes over zeros in
 * silence, so this is how an end marker is told from a gap.
 */
export class DueBlocks {
  /** Offset in the tar at which the header after the last member is due. */
  offset = 0;
  #chunks: { start: number; bytes: Uint8Array }[] = [];

  push(bytes: Uint8Array, start: number): void {
    // Two whole blocks are enough; until the next member moves `offset`, later chunks are no use,
    // except the newest, in which that member may end.
    if (this.#chunks.length > 2) this.#chunks.splice(-1);
    this.#chunks.push({ start, bytes });
    this.#drop();
  }

  move(offset: number): void {
    this.offset = offset;
    this.#drop();
  }

  /** How many of the two blocks at `offset` are there and zero, counted from the first. */
  zeroBlocks(): 0 | 1 | 2 {
    if (!this.#zeroBlock(this.offset)) return 0;
    return this.#zeroBlock(this.offset + blockBytes) ? 2 : 1;
  }

  #zeroBlock(offset: number): boolean {
    let covered = 0;
    for (const { start, bytes } of this.#chunks) {
      const from = Math.max(0, offset - start);
      const part = bytes.subarray(from, Math.max(from, offset + blockBytes - start));
      if (!isZero(part)) return false;
      covered += part.length;
    }
    return covered === blockBytes;
  }

  #drop(): void {
    this.#chunks = this.#chunks.filter(({ start, bytes }) => start + bytes.length > this.offset);
  }
}
