import type { ByteSource } from "../base/byte-source.ts";
import type { PageStore } from "./memory/page-store.ts";
import { type PageMap, type PageRun, pageInParent, pagePresent } from "./page-map.ts";

/** Bytes of a page image. Offsets and lengths in bytes. */
interface Located {
  pages: ByteSource;
  offset: number;
  length: number;
}

type Pages = Pick<PageStore, "map" | "pages" | "parent">;

/** The dumped memory of one process, read by address. */
export class AddressSpace {
  readonly #map: PageMap;
  readonly #pages: ByteSource | undefined;
  readonly #pageSize: number;
  readonly #parent: AddressSpace | undefined;

  constructor({ map, pages, parent }: Pages, pageSize: number) {
    this.#map = map;
    this.#pages = pages;
    this.#pageSize = pageSize;
    this.#parent = parent === undefined ? undefined : new AddressSpace(parent, pageSize);
  }

  /**
   * Bytes [address, address + length), or undefined where any of them is not at hand:
   * not mapped, not dumped (backed by a file), in a parent dump that was not given, or lazy.
   */
  async read(address: bigint, length: number): Promise<Uint8Array | undefined> {
    const ranges = this.locate(address, length);
    if (ranges === undefined) return undefined;
    const result = new Uint8Array(length);
    let at = 0;
    for (const range of ranges) {
      result.set(await range.pages.read(range.offset, range.length), at);
      at += range.length;
    }
    return result;
  }

  /** Where in page images those bytes are, in order; undefined as for `read`. */
  locate(address: bigint, length: number): Located[] | undefined {
    const ranges: Located[] = [];
    let left = length;
    let next = address;
    while (left > 0) {
      const run = this.#map.runAt(next);
      if (run === undefined) return undefined;
      const inside = Number(next - run.start);
      const rest = run.pages * this.#pageSize - inside;
      if (rest <= 0) return undefined;
      const take = Math.min(left, rest);
      const found = this.#inRun(run, inside, take);
      if (found === undefined) return undefined;
      ranges.push(...found);
      left -= take;
      next += BigInt(take);
    }
    return ranges;
  }

  #inRun(run: PageRun, inside: number, length: number): Located[] | undefined {
    if ((run.flags & pagePresent) !== 0) {
      const offset = run.firstPage * this.#pageSize + inside;
      if (this.#pages === undefined || offset + length > this.#pages.size) return undefined;
      return [{ pages: this.#pages, offset, length }];
    }
    if ((run.flags & pageInParent) === 0) return undefined;
    return this.#parent?.locate(run.start + BigInt(inside), length);
  }

  #isInParent(address: bigint): boolean {
    const run = this.#map.runAt(address);
    if (run === undefined || (run.flags & pageInParent) === 0) return false;
    return address < run.start + BigInt(run.pages) * BigInt(this.#pageSize);
  }

  /** Is any of these bytes in a parent dump that is not at hand, or is not the right one? */
  lacksParent(address: bigint, length: number): boolean {
    const end = address + BigInt(length);
    for (let next = address; next < end; ) {
      const page = next - (next % BigInt(this.#pageSize)) + BigInt(this.#pageSize);
      const until = page < end ? page : end;
      if (this.#isInParent(next) && this.locate(next, Number(until - next)) === undefined) {
        return true;
      }
      next = until;
    }
    return false;
  }
}
