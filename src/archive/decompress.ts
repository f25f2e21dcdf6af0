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
  yield* throughStream(input, createGunzip({ chunkSize }));
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

async function* throughStream(
  input: Bytes,
  transform: NodeJS.ReadWriteStream & AsyncIterable<string | Buffer>,
): Bytes {
  const { pipeline } = await import("node:stream/promises");
  const abort = new AbortController();
  // The failure of either side reaches the reader through `transform`; the promise only repeats it.
  const done = pipeline(input, transform, { signal: abort.signal }).catch(() => {});
  try {
    for await (const chunk of transform) yield chunk as Buffer;
  } finally {
    abort.abort();
    await done;
  }
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
