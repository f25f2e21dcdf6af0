import type { ByteSource } from "../base/byte-source.ts";
import type { Extent } from "./extents.ts";

/** The part of an extent that was read last, for readers of places that may stand close together. */
export class ExtentBlock {
  /** Where `bytes` begin in the extent. */
  start = 0;
  bytes: Uint8Array = new Uint8Array(0);
  readonly #extent: Extent;
  readonly #pages: ByteSource;

  constructor(extent: Extent, pages: ByteSource) {
    this.#extent = extent;
    this.#pages = pages;
  }

  /**
   * Brings [first, last) of the extent into the block.
   * @param ahead bytes to read at the least when something has to be read
   */
  async hold(first: number, last: number, ahead: number): Promise<void> {
    if (first >= this.start && last <= this.start + this.bytes.length) return;
    const { offset, length } = this.#extent;
    const wanted = Math.min(Math.max(ahead, last - first), length - first);
    this.bytes = await this.#pages.read(offset + first, wanted);
    this.start = first;
  }
}
