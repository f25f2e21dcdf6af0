import { writeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { isZero } from "../../base/bytes.ts";
import { RefusedError } from "../../base/errors.ts";

/** File systems keep holes in blocks of this size. */
const blockBytes = 4096;
/** Writes up to this length are done at once: cheaper than the way to the thread pool and back. */
const immediateBytes = 64 * 1024;

/** Writes to places of a new file, and leaves blocks of zeros as holes. */
export class SparseFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  /** Bytes that were written, holes not counted. */
  written = 0;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  /** Writes all but the blocks that hold nothing. The file has to be as good as new there. */
  async put(bytes: Uint8Array, position: number): Promise<void> {
    let from = -1;
    for (let at = 0, next = 0; at < bytes.length; at = next) {
      next = Math.min(bytes.length, at + blockBytes - ((position + at) % blockBytes));
      const empty = isZero(bytes.subarray(at, next));
      if (!empty && from < 0) from = at;
      if (empty && from >= 0) {
        await this.write(bytes.subarray(from, at), position + from);
        from = -1;
      }
    }
    if (from >= 0) await this.write(bytes.subarray(from), position + from);
  }

  /** Gives the file its length: what is behind the last write is a hole. */
  async end(length: number): Promise<void> {
    await this.#attempt(() => this.#handle.truncate(length));
  }

  /** Writes all of them, zeros too. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const rest = bytes.length - done;
      done += await this.#attempt(async () => {
        if (rest <= immediateBytes) {
          return writeSync(this.#handle.fd, bytes, done, rest, position + done);
        }
        return (await this.#handle.write(bytes, done, rest, position + done)).bytesWritten;
      });
    }
    this.written += bytes.length;
  }

  async #attempt<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new RefusedError({
        what: `${this.#path} cannot be written (${code})`,
        where: { path: this.#path },
        next: "choose a folder on a file system with room for it",
        cause: error,
      });
    }
  }
}
