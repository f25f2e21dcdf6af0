import type { Compression } from "../../archive/compression.ts";
import { UsageError } from "../../base/errors.ts";

const chunkSize = 256 * 1024;

type Transform = NodeJS.ReadWriteStream & AsyncIterable<Uint8Array>;
type ZstdMaker = (options: { chunkSize: number }) => Transform;

/**
 * Can this Node compress so? It learnt zstd in 22.15.
 * @throws {UsageError} where it cannot.
 */
export async function checkCompressor(compression: Compression): Promise<void> {
  const { createZstdCompress } = (await import("node:zlib")) as { createZstdCompress?: ZstdMaker };
  if (compression !== "zstd" || createZstdCompress !== undefined) return;
  throw new UsageError({
    code: "no-zstd",
    what: "this Node.js cannot compress with zstd; it only keeps an archive that has it already",
    allowed: "--compress none or gzip, or Node.js 22.15 and later",
    next: "leave --compress out, or take gzip",
  });
}

/** Compresses in constant memory; the same bytes give the same bytes with the same Node.js. */
export async function* compress(
  input: AsyncIterable<Uint8Array>,
  compression: Exclude<Compression, "none">,
): AsyncGenerator<Uint8Array> {
  const { pipeline } = await import("node:stream/promises");
  const transform = await compressor(compression);
  let failure: unknown;
  const done = pipeline(input, transform).catch((error: unknown) => {
    failure = error;
  });
  try {
    yield* transform;
  } catch (error) {
    // The stream only says that it was destroyed; the pipeline knows why.
    await done;
    throw failure ?? error;
  }
  await done;
  if (failure !== undefined) throw failure;
}

async function compressor(compression: Exclude<Compression, "none">): Promise<Transform> {
  const { createGzip, createZstdCompress } = (await import("node:zlib")) as unknown as {
    createGzip: (options: { chunkSize: number }) => Transform;
    createZstdCompress?: ZstdMaker;
  };
  if (compression === "gzip") return createGzip({ chunkSize });
  await checkCompressor(compression);
  return (createZstdCompress as ZstdMaker)({ chunkSize });
}
