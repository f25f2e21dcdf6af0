import { u32le } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { formatBytes } from "../base/units.ts";

/**
 * Walks the frames of a zstd stream (RFC 8878 §3.1) as it passes, without decompressing, and
 * refuses a frame that wants a window larger than the zstd tool itself allows: decoders allocate
 * the window before the first byte comes out. Hands the bytes on in pieces of few blocks, because
 * four bytes may stand for 128 KiB and the decoder in JavaScript expands a piece at once.
 */
export async function* guardZstd(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const walker = new FrameWalker();
  for await (const chunk of input) yield* walker.pieces(chunk);
  // Node 22 takes a frame without its end for a whole one.
  if (walker.within) throw Object.assign(new Error("unexpected end of file"), { zstd: true });
}

/** Blocks of a piece: 8 MiB when expanded. */
const pieceBlocks = 64;
/**
 * A piece of this size ends with the block that it is in: decoders throw away what they made of a
 * piece in which they find damage.
 */
const pieceBytes = 4096;

const frameMagic = 0xfd2fb528;
/** Magic, descriptor, window, dictionary id and content size at their longest. */
const longestHeader = 18;

type State = "frame" | "block" | "checksum";

class FrameWalker {
  #state: State = "frame";
  /** Bytes of a header that has not arrived whole. */
  #held: Uint8Array = new Uint8Array(0);
  /** Payload that is passed over. */
  #skip = 0;
  #hasChecksum = false;
  #lost = false;
  /** Blocks since the last cut. */
  #blocks = 0;

  /** Does a frame that has begun want more bytes? */
  get within(): boolean {
    return !this.#lost && (this.#state !== "frame" || this.#skip > 0);
  }

  /** The same bytes, cut after some blocks each. Throws at a frame that is refused. */
  *pieces(chunk: Uint8Array): Generator<Uint8Array> {
    let from = 0;
    let at = 0;
    try {
      while (at < chunk.length && !this.#lost) {
        at = this.#step(chunk, at);
        const enough = this.#skip === 0 && at - from >= pieceBytes;
        if (this.#blocks < pieceBlocks && !enough) continue;
        yield chunk.subarray(from, at);
        from = at;
        this.#blocks = 0;
      }
    } catch (error) {
      // What stands before the refused frame can be read.
      if (at > from) yield chunk.subarray(from, at);
      throw error;
    }
    if (from < chunk.length) yield chunk.subarray(from);
  }

  /** Passes payload or one header at `at`; returns where the next step begins. */
  #step(chunk: Uint8Array, at: number): number {
    const rest = chunk.subarray(at);
    if (this.#skip === 0) return chunk.length - this.#header(rest).length;
    const passed = Math.min(this.#skip, rest.length);
    this.#skip -= passed;
    return at + passed;
  }

  /** Reads one header from what is held and `rest`; returns what remains of `rest`. */
  #header(rest: Uint8Array): Uint8Array {
    const held = this.#held.length;
    const joined = new Uint8Array(held + Math.min(rest.length, longestHeader));
    joined.set(this.#held);
    joined.set(rest.subarray(0, longestHeader), held);
    const used = this.#parse(joined);
    if (used === undefined) {
      this.#held = joined;
      return rest.subarray(joined.length - held);
    }
    this.#held = new Uint8Array(0);
    return rest.subarray(Math.max(0, used - held));
  }

  /** Length of the header at the start of `bytes`, or undefined where more bytes are needed. */
  #parse(bytes: Uint8Array): number | undefined {
    if (this.#state === "checksum") {
      if (bytes.length < 4) return undefined;
      this.#state = "frame";
      return 4;
    }
    return this.#state === "block" ? this.#block(bytes) : this.#frame(bytes);
  }

  #block(bytes: Uint8Array): number | undefined {
    if (bytes.length < 3) return undefined;
    const header = u32le(bytes, 0) & 0xffffff;
    const last = (header & 1) === 1;
    const runLength = ((header >> 1) & 3) === 1;
    this.#skip = runLength ? 1 : header >> 3;
    this.#blocks += 1;
    if (last) this.#state = this.#hasChecksum ? "checksum" : "frame";
    return 3;
  }

  #frame(bytes: Uint8Array): number | undefined {
    // No more is asked for than is needed: what is held beyond a header would be lost.
    if (bytes.length < 4) return undefined;
    const magic = u32le(bytes, 0);
    if (magic >>> 4 === 0x184d2a5) {
      if (bytes.length < 8) return undefined;
      this.#skip = u32le(bytes, 4);
      return 8;
    }
    if (magic !== frameMagic) {
      // No frame here: the decoder will say so in its own words.
      this.#lost = true;
      return bytes.length;
    }
    if (bytes.length < 5) return undefined;
    const descriptor = bytes[4] as number;
    const single = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
    const sizeBytes = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
    const length = 5 + (single ? 0 : 1) + dictionary + sizeBytes;
    if (bytes.length < length) return undefined;
    const window = single
      ? contentSize(bytes, 5 + dictionary, sizeBytes)
      : windowSize(bytes[5] as number);
    if (window > limits.zstdWindowBytes) throw hugeWindow(window);
    this.#hasChecksum = (descriptor & 4) !== 0;
    this.#state = "block";
    return length;
  }
}

function windowSize(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

function contentSize(bytes: Uint8Array, at: number, length: number): number {
  let size = 0;
  for (let index = length - 1; index >= 0; index--)
    size = size * 256 + (bytes[at + index] as number);
  return length === 2 ? size + 256 : size;
}

function hugeWindow(window: number): ArchiveError {
  return new ArchiveError({
    what: "a zstd frame wants more memory than any runtime needs",
    found: `a window of ${formatBytes(window)}`,
    allowed: formatBytes(limits.zstdWindowBytes),
    next: "if you trust the file, unpack it first: zstd -d --long=31 FILE",
  });
}
