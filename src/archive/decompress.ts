import { concat } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";
import type { Compression } from "./compression.ts";
import { type ExpansionLimit, ExpansionMeter } from "./expansion.ts";
import { decompressFrames } from "./zstd-fallback.ts";
import { guardZstd } from "./zstd-frames.ts";

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Decompresses a stream in constant memory. Concatenated gzip members and zstd frames are one
 * stream, as for their tools.
 * @throws ArchiveError (while iterating) for damaged or truncated data and beyond `limit`.
 */
export async function* decompress(
  input: Bytes,
  compression: Exclude<Compression, "none">,
  limit: ExpansionLimit,
): AsyncGenerator<Uint8Array> {
  const meter = new ExpansionMeter(limit);
  const metered = meterInput(input, meter);
  const output = compression === "gzip" ? gunzip(metered) : unzstd(metered);
  try {
    for await (const chunk of output) {
      meter.output(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ArchiveError ? error : damaged(compression, error, meter.bytesIn);
  }
}

async function* meterInput(input: Bytes, meter: ExpansionMeter): Bytes {
  for await (const chunk of input) {
    meter.input(chunk.length);
    yield chunk;
  }
}

/** Large enough to spare calls between C++ and JavaScript, small enough to stay in a cache. */
const chunkSize = 256 * 1024;

async function* gunzip(input: Bytes): Bytes {
  const { createGunzip } = await import("node:zlib");
  yield* throughStream(lastApart(input), createGunzip({ chunkSize }));
}

/** Checksum and length at the end of a gzip member. */
const trailerBytes = 8;

/**
 * Hands the last bytes over by themselves: zlib throws away what it has made of a chunk in which it
 * finds a wrong checksum, and all but the checksum may be sound.
 */
async function* lastApart(input: Bytes): Bytes {
  let held: Uint8Array = new Uint8Array(0);
  for await (const chunk of input) {
    const joined = concat([held, chunk]);
    const cut = Math.max(0, joined.length - trailerBytes);
    if (cut > 0) yield joined.subarray(0, cut);
    held = joined.slice(cut);
  }
  if (held.length > 0) yield held;
}

async function* unzstd(input: Bytes): Bytes {
  const guarded = guardZstd(input);
  const { createZstdDecompress } = (await import("node:zlib")) as { createZstdDecompress?: Zstd };
  if (createZstdDecompress !== undefined) {
    yield* throughStream(guarded, createZstdDecompress({ chunkSize }));
    return;
  }
  // Node below 22.15 has no zstd of its own.
  yield* decompressFrames(guarded);
}

type Zstd = (options: { chunkSize: number }) => NodeJS.ReadWriteStream & AsyncIterable<Buffer>;

/**
 * Like iterating over the transform, but hands out what was made before a failure ahead of it:
 * iterators of Node's streams drop that.
 */
async function* throughStream(input: Bytes, transform: NodeJS.ReadWriteStream): Bytes {
  const { pipeline } = await import("node:stream/promises");
  const abort = new AbortController();
  let over = false;
  let failure: unknown;
  let wake = (): void => {};
  transform.on("readable", () => wake());
  transform.on("error", (error: unknown) => {
    failure = error;
  });
  transform.on("close", () => {
    over = true;
    wake();
  });
  // A pipeline whose input fails drops what it holds, so to it the input only ends.
  let refused: unknown;
  async function* soundInput(): Bytes {
    try {
      yield* input;
    } catch (error) {
      refused = error;
    }
  }
  // A failure reaches us through `transform`; the promise only repeats it.
  const done = pipeline(soundInput(), transform, { signal: abort.signal }).catch(() => {});
  try {
    for (;;) {
      const chunk = transform.read() as Uint8Array | null;
      if (chunk !== null) yield chunk;
      else if (over) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    abort.abort();
    await done;
  }
  if (refused !== undefined) throw refused;
  if (failure !== undefined) throw failure;
}

function damaged(compression: string, error: unknown, bytesIn: number): unknown {
  if (!(error instanceof Error)) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const ours = code.startsWith("Z_") || code.startsWith("ZSTD_") || "zstd" in error;
  if (!ours) return error;
  const cutShort = code === "Z_BUF_ERROR" || /unexpected (end|eof)/i.test(error.message);
  return new ArchiveError({
    what: cutShort
      ? `the ${compression} data is truncated`
      : `the ${compression} data is damaged (${error.message})`,
    where: { offset: bytesIn },
    found: cutShort
      ? `end of file after ${bytesIn} compressed bytes`
      : "damage at or before this offset",
    allowed: `a whole ${compression} stream`,
    next: "copy the archive again and compare sizes, or make the checkpoint again: the disk may have been full",
    cause: error,
  });
}
