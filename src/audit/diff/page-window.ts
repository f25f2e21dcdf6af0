import { type ByteSource, fill } from "../../base/byte-source.ts";
import { ForwardSources } from "../../memory/forward-source.ts";

/** Bytes that are read at a time. A multiple of every page size. */
const windowBytes = 1024 * 1024;
/** Sources that are read by turns: both sides, shared memory, and dumps before them. */
const mostSources = 12;

/**
 * Page images as windows. Pages are mostly asked for in the order in which they lie, so a window is
 * read whole, and the next one while this one is looked at.
 */
export class PageWindows {
  readonly #forward = new ForwardSources();
  readonly #windows = new Map<ByteSource, Window>();

  /** Bytes from `offset` on, as many as there are in the window and no more than `most`; or nothing. */
  at(source: ByteSource, offset: number, most: number): Uint8Array | undefined {
    return this.#windows.get(source)?.at(offset, most);
  }

  /** Reads the window that begins at `offset`. */
  async load(source: ByteSource, offset: number): Promise<void> {
    let window = this.#windows.get(source);
    if (window === undefined) {
      await this.#makeRoom();
      window = new Window(this.#forward.of(source));
    }
    // The last that was read is the last that is dropped.
    this.#windows.delete(source);
    this.#windows.set(source, window);
    await window.load(offset);
  }

  /** Waits for reads that are under way: who closes the sources must find none. */
  async close(): Promise<void> {
    for (const window of this.#windows.values()) await window.close();
    this.#windows.clear();
    await this.#forward.close();
  }

  async #makeRoom(): Promise<void> {
    for (const [source, window] of this.#windows) {
      if (this.#windows.size < mostSources) return;
      await window.close();
      this.#windows.delete(source);
    }
  }
}

interface Piece {
  start: number;
  bytes: Uint8Array;
}

class Window {
  readonly #source: ByteSource;
  readonly #buffers: Uint8Array[] = [];
  #current: Piece = { start: 0, bytes: new Uint8Array(0) };
  #next: { start: number; reading: Promise<Piece> } | undefined;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  at(offset: number, most: number): Uint8Array | undefined {
    const { start, bytes } = this.#current;
    const from = offset - start;
    if (from < 0 || from >= bytes.length) return undefined;
    return bytes.subarray(from, from + most);
  }

  async load(offset: number): Promise<void> {
    const ahead = this.#next;
    this.#next = undefined;
    let piece: Piece | undefined;
    if (ahead !== undefined) {
      const read = await ahead.reading;
      if (read.start === offset) piece = read;
      else this.#buffers.push(new Uint8Array(read.bytes.buffer));
    }
    const old = this.#current;
    piece ??= await this.#read(offset);
    if (old.bytes.length > 0) this.#buffers.push(new Uint8Array(old.bytes.buffer));
    const follows = old.bytes.length > 0 && offset === old.start + old.bytes.length;
    this.#current = piece;
    const end = piece.start + piece.bytes.length;
    // Only who reads on is read ahead for: in small images there is nothing to come.
    if (follows && end < this.#source.size) {
      const reading = this.#read(end);
      // A failure is met when its turn comes; until then it must not count as unhandled.
      reading.catch(() => {});
      this.#next = { start: end, reading };
    }
  }

  async close(): Promise<void> {
    await this.#next?.reading.catch(() => {});
  }

  async #read(start: number): Promise<Piece> {
    const length = Math.min(windowBytes, this.#source.size - start);
    const buffer = this.#buffers.pop() ?? new Uint8Array(Math.min(windowBytes, this.#source.size));
    const bytes = buffer.subarray(0, length);
    await fill(this.#source, start, bytes);
    return { start, bytes };
  }
}
