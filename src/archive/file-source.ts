import { read as readCallback, readSync } from "node:fs";
import type { ByteSource, FilePlace } from "../base/byte-source.ts";
import { ArchiveError } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";

const chunkBytes = 256 * 1024;

/**
 * Reads up to this length are done at once. A header comes out of the page cache in two
 * microseconds; the way to the thread pool and back takes thirty times as long.
 */
const immediateBytes = 64 * 1024;

/** A file by its open descriptor, so that what was checked is what is read. */
export class FileSource implements ByteSource {
  readonly size: number;
  readonly #fd: number;
  readonly #path: string;

  /** `size` is the length that `fstat` gave on `fd`. The caller closes `fd`. */
  constructor(fd: number, size: number, path: string) {
    this.#fd = fd;
    this.size = size;
    this.#path = path;
  }

  inFile(): FilePlace {
    return { fd: this.#fd, offset: 0 };
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, Math.max(0, this.size - offset));
    // A hostile length never reaches this line: it was compared with the size first.
    const buffer = Buffer.allocUnsafeSlow(wanted);
    await this.readInto(offset, buffer);
    return buffer;
  }

  async readInto(offset: number, target: Uint8Array): Promise<void> {
    let filled = 0;
    while (filled < target.length) {
      const rest = target.length - filled;
      const count = await this.#readOnce(target, filled, rest, offset + filled);
      if (count === 0) throw this.#shrunk(offset + filled);
      filled += count;
    }
  }

  /**
   * One read is always under way ahead of the consumer. Node's own streams are not used because
   * they close the descriptor when their reader stops early, even when told to leave it alone.
   */
  async *stream(offset = 0, length = this.size - offset): AsyncGenerator<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    const readAt = (at: number): Promise<Uint8Array> | undefined =>
      at < end ? this.read(at, Math.min(chunkBytes, end - at)) : undefined;
    let at = offset;
    for (let next = readAt(at); next !== undefined; ) {
      const chunk = await next;
      at += chunk.length;
      next = readAt(at);
      // Should the consumer stop here, nobody waits for that read any more.
      next?.catch(() => {});
      yield chunk;
    }
  }

  #readOnce(
    buffer: Uint8Array,
    at: number,
    length: number,
    position: number,
  ): Promise<number> | number {
    if (length <= immediateBytes) {
      try {
        return readSync(this.#fd, buffer, at, length, position);
      } catch (error) {
        throw this.#broken(error as NodeJS.ErrnoException, position);
      }
    }
    return new Promise((resolve, reject) => {
      readCallback(this.#fd, buffer, at, length, position, (error, count) => {
        if (error === null) resolve(count);
        else reject(this.#broken(error, position));
      });
    });
  }

  #shrunk(offset: number): ArchiveError {
    return new ArchiveError({
      what: "the file became shorter while it was read",
      where: { path: this.#path, offset },
      found: `end of file at ${formatCount(offset)}`,
      allowed: `${formatCount(this.size)} bytes, as when it was opened`,
      next: "wait until whatever writes the file has finished, then try again",
    });
  }

  #broken(error: NodeJS.ErrnoException, offset: number): ArchiveError {
    return new ArchiveError({
      what: `the file cannot be read (${error.code ?? error.message})`,
      where: { path: this.#path, offset },
      next: "check the disk or network file system that holds it",
      cause: error,
    });
  }
}
