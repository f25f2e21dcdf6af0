import { statfs } from "node:fs/promises";
import { RefusedError } from "../../base/errors.ts";
import { quote } from "../../base/shell.ts";
import { formatBytes } from "../../base/units.ts";

/**
 * Keeps what is written within what was free on the disk when it began: an archive of some kilobytes
 * can unpack to any size, and a full disk hurts more than this command.
 */
export class RoomMeter {
  readonly #path: string;
  readonly #free: number;
  readonly #progress: (bytes: number) => void;
  #taken = 0;

  private constructor(path: string, free: number, progress: (bytes: number) => void) {
    this.#path = path;
    this.#free = free;
    this.#progress = progress;
  }

  /**
   * @param path of a folder on the disk that is written to
   * @param progress is told how many bytes were taken so far
   */
  static async on(path: string, progress: (bytes: number) => void = () => {}): Promise<RoomMeter> {
    const disk = await statfs(path).catch(() => undefined);
    // Where nobody can tell, writing will.
    const free = disk === undefined ? Number.MAX_SAFE_INTEGER : disk.bavail * disk.bsize;
    return new RoomMeter(path, free, progress);
  }

  /** @throws {RefusedError} where so many bytes more are not free. */
  expect(bytes: number): void {
    if (this.#taken + bytes <= this.#free) return;
    throw full(
      this.#path,
      `${formatBytes(Math.max(0, this.#free - this.#taken))} free`,
      `${formatBytes(bytes)} for what is still to be written`,
    );
  }

  /** The same for bytes that are about to be written. */
  take(bytes: number): void {
    this.expect(bytes);
    this.#taken += bytes;
    this.#progress(this.#taken);
  }
}

/** The fault for a disk without room. */
export function full(path: string, found: string, needed?: string): RefusedError {
  return new RefusedError({
    code: "disk-full",
    what: "the bundle does not fit on the disk, and no part of it was left there",
    where: { path },
    found,
    ...(needed === undefined ? {} : { allowed: needed }),
    next: `make room, or choose a folder on another disk: df -h ${quote(path)}`,
  });
}
