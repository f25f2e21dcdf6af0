import type { ByteSource } from "../base/byte-source.ts";
import { type PageMap, pagePresent } from "./page-map.ts";

/** The dumped memory of one process, read by address. */
export class AddressSpace {
  readonly #map: PageMap;
  readonly #pages: ByteSource;
  readonly #pageSize: number;

  constructor(map: PageMap, pages: ByteSource, pageSize: number) {
    this.#map = map;
    this.#pages = pages;
    this.#pageSize = pageSize;
  }

  /**
   * Bytes [address, address + length), or undefined where any of them is not in this dump:
   * not mapped, not dumped (backed by a file), in a parent dump, or lazy.
   */
  async read(address: bigint, length: number): Promise<Uint8Array | undefined> {
    const ranges = this.locate(address, length);
    if (ranges === undefined) return undefined;
    const result = new Uint8Array(length);
    let at = 0;
    for (const range of ranges) {
      result.set(await this.#pages.read(range.offset, range.length), at);
      at += range.length;
    }
    return result;
  }

  /** Where in the page image those bytes are, in order; undefined as for `read`. */
  locate(address: bigint, length: number): { offset: number; length: number }[] | undefined {
    const ranges: { offset: number; length: number }[] = [];
    let left = length;
    let next = address;
    while (left > 0) {
      const run = this.#map.runAt(next);
      if (run === undefined || (run.flags & pagePresent) === 0) return undefined;
      const inside = Number(next - run.start);
      const rest = run.pages * this.#pageSize - inside;
      if (rest <= 0) return undefined;
      const take = Math.min(left, rest);
      const offset = run.firstPage * this.#pageSize + inside;
      if (offset + take > this.#pages.size) return undefined;
      ranges.push({ offset, length: take });
      left -= take;
      next += BigInt(take);
    }
    return ranges;
  }
}
