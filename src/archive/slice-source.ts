import { type ByteSource, type FilePlace, fill } from "../base/byte-source.ts";

/** A window of another source: how a member of a plain tar is read. */
export class SliceSource implements ByteSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #start: number;

  constructor(source: ByteSource, start: number, size: number) {
    this.#source = source;
    this.#start = start;
    this.size = size;
  }

  inFile(): FilePlace | undefined {
    const place = this.#source.inFile?.();
    return place && { fd: place.fd, offset: place.offset + this.#start };
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    const rest = Math.max(0, this.size - offset);
    return this.#source.read(this.#start + offset, Math.min(length, rest));
  }

  readInto(offset: number, target: Uint8Array): Promise<void> {
    return fill(this.#source, this.#start + offset, target);
  }

  stream(offset = 0, length = this.size - offset): AsyncIterable<Uint8Array> {
    const rest = Math.max(0, this.size - offset);
    return this.#source.stream(this.#start + offset, Math.min(length, rest));
  }
}
