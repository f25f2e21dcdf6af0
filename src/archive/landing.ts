import { constants } from "node:fs";
import {
  access,
  type FileHandle,
  link,
  lstat,
  rename,
  stat,
  statfs,
  unlink,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { RefusedError, UsageError } from "../base/errors.ts";
import { quote } from "../base/shell.ts";
import { formatBytes } from "../base/units.ts";
import { createPrivateFile } from "./private-file.ts";

/** Pieces come as they left a socket; the disk gets more at once. */
const bufferBytes = 1024 * 1024;

/**
 * Looks whether files can be made in a folder.
 * @throws {UsageError} where it is none, {RefusedError} where nothing can be written.
 */
export async function checkFolder(folder: string): Promise<void> {
  const kind = await stat(folder).catch((error: NodeJS.ErrnoException) => error.code ?? "");
  if (typeof kind === "string" || !kind.isDirectory()) {
    throw new UsageError({
      code: "folder",
      what: `${folder} is no folder that archives can be brought to`,
      found: typeof kind === "string" ? kind : "a file",
      next: `make it first: mkdir -m 700 ${quote(folder)}`,
    });
  }
  await access(folder, constants.W_OK | constants.X_OK).catch((error: NodeJS.ErrnoException) => {
    throw new RefusedError({
      code: "folder",
      what: `nothing can be written to ${folder}`,
      found: error.code ?? "no reason given",
      next: "choose a folder that you may write to",
    });
  });
}

/**
 * A new private file that has a partial name until it is whole, and then takes its own without
 * replacing anything.
 */
export class PartialFile {
  readonly path: string;
  readonly #partial: string;
  readonly #folder: string;
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #filled = 0;
  #open = true;

  private constructor(folder: string, path: string, partial: string, handle: FileHandle) {
    this.#folder = folder;
    this.path = path;
    this.#partial = partial;
    this.#handle = handle;
  }

  /** @throws {RefusedError} where there is a file of that name, or a part of one. */
  static async open(folder: string, name: string): Promise<PartialFile> {
    const path = join(folder, basename(name));
    if (await exists(path)) throw taken(path);
    const partial = `${path}.partial`;
    return new PartialFile(folder, path, partial, await createPrivateFile(partial));
  }

  /** @throws {RefusedError} where the disk has no room for so many bytes. */
  async expect(bytes: number): Promise<void> {
    const disk = await statfs(this.#folder).catch(() => undefined);
    // Where nobody can tell, writing will.
    const free = disk === undefined ? bytes : disk.bavail * disk.bsize;
    if (free < bytes) throw full(this.#folder, `${formatBytes(free)} free`, formatBytes(bytes));
  }

  /** Takes a copy; `bytes` may be used again at once. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + bufferBytes - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === bufferBytes) await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    const whole = this.#buffer.subarray(0, this.#filled);
    await this.#handle.appendFile(whole).catch((error) => this.#failed(error));
    this.#filled = 0;
  }

  /** Ends it, once it is on the disk, and gives it its name. */
  async settle(): Promise<string> {
    await this.#flush();
    // Disks far away say only now that they are full.
    await this.#handle.sync().catch((error) => this.#failed(error));
    await this.#close().catch((error) => this.#failed(error));
    await link(this.#partial, this.path).then(
      () => unlink(this.#partial),
      (error: NodeJS.ErrnoException) => this.#renamed(error.code),
    );
    return this.path;
  }

  #failed({ code = "no reason given" }: NodeJS.ErrnoException): never {
    throw full(this.#folder, code, "a disk that takes it all");
  }

  /** Not every file system knows two names of one file; `rename` alone would replace what is there. */
  async #renamed(code: string | undefined): Promise<void> {
    if (code === "EEXIST" || (await exists(this.path))) throw taken(this.path);
    await rename(this.#partial, this.path).catch((error) => this.#failed(error));
  }

  /** Removes it, unless it has its name. */
  async abandon(): Promise<void> {
    await this.#close();
    await unlink(this.#partial).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = false;
    if (open) await this.#handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function taken(path: string): RefusedError {
  return new RefusedError({
    code: "exists",
    what: `${path} exists already, and nothing is ever overwritten`,
    where: { path },
    next: `choose another folder, or remove it first: rm ${quote(path)}`,
  });
}

function full(folder: string, found: string, needed: string): RefusedError {
  return new RefusedError({
    code: "disk-full",
    what: `the archive does not fit into ${folder}`,
    found,
    allowed: needed,
    next: `make room, or choose a folder on another disk: df -h ${quote(folder)}`,
  });
}
