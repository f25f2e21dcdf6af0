import type { FileHandle } from "node:fs/promises";
import { writeAll } from "../new-file.ts";
import type { PackedLayer, Put } from "./pack.ts";

const block = 512;
/**
 * Writes a tar of a few members, one of which is large and gets its name and size when it is
 * written: nobody knows a digest before. All members belong to root and are their owner's alone.
 */
export class TarFile {
  readonly #file: FileHandle;
  /** Seconds since 1970, of every member. */
  readonly #time: number;
  #at = 0;

  constructor(file: FileHandle, time: number) {
    this.#file = file;
    this.#time = time;
  }

  async folder(name: string): Promise<void> {
    await this.#append(await header(`${name}/`, 0, this.#time));
  }

  async member(name: string, bytes: Uint8Array): Promise<void> {
    await this.#append(await header(name, bytes.length, this.#time));
    await this.#append(bytes);
    await this.#pad(bytes.length);
  }

  /** Room for a header is left, the layer is written, and the header comes last. */
  async layer(
    pack: (put: Put) => Promise<PackedLayer>,
    name: (layer: PackedLayer) => string,
  ): Promise<PackedLayer> {
    const start = this.#at;
    this.#at += block;
    const layer = await pack((bytes) => this.#append(bytes));
    await this.#pad(layer.sizeBytes);
    const head = await header(name(layer), layer.sizeBytes, this.#time);
    await writeAll(this.#file, head, start);
    return layer;
  }

  /** Two blocks of zeros; returns the length of the whole. */
  async end(): Promise<number> {
    await this.#append(Buffer.alloc(2 * block));
    return this.#at;
  }

  async #append(bytes: Uint8Array): Promise<void> {
    const at = this.#at;
    this.#at += bytes.length;
    await writeAll(this.#file, bytes, at);
  }

  async #pad(size: number): Promise<void> {
    const rest = size % block;
    if (rest !== 0) await this.#append(Buffer.alloc(block - rest));
  }
}

/** The header of a member, or of a folder where the name ends with a slash: one block. */
export async function header(name: string, size: number, time: number): Promise<Uint8Array> {
  const { default: tarStream } = await import("tar-stream");
  const folder = name.endsWith("/");
  const type = folder ? "directory" : "file";
  const packed = tarStream.pack();
  const made = new Promise<Uint8Array>((resolve) => {
    packed.once("data", (bytes) => resolve(bytes as Uint8Array));
  });
  // The member itself does not go through the packer: a layer has its own way into the file.
  packed
    .entry({ name, size, type, mode: folder ? 0o700 : 0o600, mtime: new Date(time * 1000) })
    .on("error", () => {});
  try {
    return await made;
  } finally {
    packed.destroy();
  }
}
