import { asBuffer } from "../../base/bytes.ts";
import type { ByteSet } from "./byte-set.ts";

/** Bytes before a match that an expression may look at. */
export const lookBack = 64;

/** As many small texts cost as much as the whole window. */
const mostPieces = 256;
const longestPiece = 16 * 1024;

/** A text in which place `base` of the window is at 0. */
interface Piece {
  text: string;
  base: number;
}

/**
 * What the engine gets of a window. It reads texts, not bytes, and to make one of a whole window
 * takes longer than the kernel's search; so it gets pieces, as long as there are few.
 */
export class WindowText {
  readonly #window: Buffer;
  readonly #all: ByteSet;
  #piece: Piece = { text: "", base: 0 };
  /** Matches through places below this one are whole in the piece. */
  #end = 0;
  #pieces = 0;

  /** @param all what a match may consist of and look at: it cannot go beyond any other byte. */
  constructor(window: Uint8Array, all: ByteSet) {
    this.#window = asBuffer(window);
    this.#all = all;
  }

  whole(): Piece {
    const window = this.#window;
    if (this.#end <= window.length) this.#cut(0, window.length);
    return this.#piece;
  }

  /** A text in which a match that begins at `start` and goes through `place` is whole. */
  around(start: number, place: number): Piece {
    const base = Math.max(0, start - lookBack);
    if (base >= this.#piece.base && place < this.#end) return this.#piece;
    this.#pieces += 1;
    if (this.#pieces > mostPieces) return this.whole();
    const window = this.#window;
    const most = Math.min(window.length, start + longestPiece);
    let end = place;
    while (end < most && this.#all[window[end] as number] !== 0) end += 1;
    if (end === most) return this.whole();
    this.#cut(base, end);
    return this.#piece;
  }

  #cut(base: number, end: number): void {
    // One byte more, for what an assertion looks at.
    this.#piece = { text: this.#window.toString("latin1", base, end + 1), base };
    this.#end = end === this.#window.length ? end + 1 : end;
  }
}
