import type { ByteSource } from "../base/byte-source.ts";
import { ArchiveError } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";

/**
 * Reads a source forward through a window, so that small fields cost one read in thousands and
 * nothing is allocated that the source does not hold.
 */
export class ByteWindow {
  readonly #source: ByteSource;
  readonly #windowBytes: number;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(source: ByteSource, windowBytes = 256 * 1024) {
    this.#source = source;
    this.#windowBytes = windowBytes;
  }

  /** Offset in the source of the next byte. */
  get offset(): number {
    return this.#start + this.#at;
  }

  get left(): number {
    return this.#source.size - this.offset;
  }

  /** The next `length` bytes, or undefined where the window has to be filled first. */
  peekSync(length: number): Uint8Array | undefined {
    const end = this.#at + length;
    return end <= this.#bytes.length ? this.#bytes.subarray(this.#at, end) : undefined;
  }

  /** Steps over bytes that `peekSync` showed, or that nobody wants to see. */
  skip(length: number): void {
    this.#at += length;
  }

  /**
   * The next `length` bytes, as a view that stays valid.
   * @throws ArchiveError when fewer are left.
   */
  async take(length: number, what: string): Promise<Uint8Array> {
    if (length > this.left) {
      throw new ArchiveError({
        what: `the image ends in ${what}`,
        where: { offset: this.offset },
        found: `${formatCount(Math.max(0, this.left))} bytes left`,
        allowed: `${formatCount(length)} bytes`,
      });
    }
    if (this.peekSync(length) === undefined) await this.#fill(length);
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  async #fill(length: number): Promise<void> {
    this.#start = this.offset;
    this.#at = 0;
    this.#bytes = await this.#source.read(this.#start, Math.max(length, this.#windowBytes));
  }
}
