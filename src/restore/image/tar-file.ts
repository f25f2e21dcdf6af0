import type { FileHandle } from "node:fs/promises";
import { writeAll } from "../new-file.ts";
import type { PackedLayer, Put } from "./pack.ts";

const block = 512;
/** What eleven octal digits hold; beyond it the size is written as GNU does. */
const octalBytes = 8 ** 11;

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
    await this.#append(header(`${name}/`, 0, this.#time));
  }

  async member(name: string, bytes: Uint8Array): Promise<void> {
    await this.#append(header(name, bytes.length, this.#time));
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
    await writeAll(this.#file, header(name(layer), layer.sizeBytes, this.#time), start);
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

/** A ustar header; of a member that ustar's field cannot measure, GNU's (POSIX.1-2017 pax, tar(5)). */
export function header(name: string, size: number, time: number): Buffer {
  const bytes = Buffer.alloc(block);
  const folder = name.endsWith("/");
  const octal = (value: number, length: number): string => value.toString(8).padStart(length, "0");
  bytes.write(name, 0, 100, "latin1");
  bytes.write(octal(folder ? 0o700 : 0o600, 7), 100, "latin1");
  bytes.write(octal(0, 7), 108, "latin1");
  bytes.write(octal(0, 7), 116, "latin1");
  if (size < octalBytes) {
    bytes.write(octal(size, 11), 124, "latin1");
  } else {
    bytes[124] = 0x80;
    bytes.writeBigUInt64BE(BigInt(size), 128);
  }
  bytes.write(octal(time, 11), 136, "latin1");
  bytes.write("        ", 148, "latin1");
  bytes.write(folder ? "5" : "0", 156, "latin1");
  bytes.write(size < octalBytes ? "ustar\u000000" : "ustar  \u0000", 257, "latin1");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 6)}\u0000 `, 148, "latin1");
  return bytes;
}
