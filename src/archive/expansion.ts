import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { formatBytes } from "../base/units.ts";

/** When decompression is stopped because so little cannot honestly hold so much. */
export interface ExpansionLimit {
  /** Decompressed bytes for each compressed byte; Infinity for none. */
  ratio: number;
  /** Nothing is judged before this many bytes are out. */
  floorBytes: number;
}

export const defaultExpansion: ExpansionLimit = {
  ratio: limits.expansionRatio,
  floorBytes: limits.expansionFloorBytes,
};

/** Counts what goes into a decompressor and what comes out of it. */
export class ExpansionMeter {
  #in = 0;
  #out = 0;
  readonly #limit: ExpansionLimit;

  constructor(limit: ExpansionLimit) {
    this.#limit = limit;
  }

  get bytesIn(): number {
    return this.#in;
  }

  input(bytes: number): void {
    this.#in += bytes;
  }

  output(bytes: number): void {
    this.#out += bytes;
    if (this.#out <= this.#limit.floorBytes || this.#out <= this.#in * this.#limit.ratio) return;
    throw new ArchiveError({
      what: "the archive expands far more than memory of a real container does",
      found: `${formatBytes(this.#in)} became more than ${formatBytes(this.#out)}`,
      allowed: `${this.#limit.ratio} times, once ${formatBytes(this.#limit.floorBytes)} are out`,
      next: "if it is known to be mostly zeros, raise --max-expansion",
    });
  }
}
