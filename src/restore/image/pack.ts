import { createHash } from "node:crypto";
import type { Archive } from "../../archive/archive.ts";
import type { Compression } from "../../archive/compression.ts";
import { decompress } from "../../archive/decompress.ts";
import { type ByteSource, fill } from "../../base/byte-source.ts";
import { ArchiveError, UsageError } from "../../base/errors.ts";
import { quote } from "../../base/shell.ts";
import { formatCount } from "../../base/units.ts";
import { compress } from "./compress.ts";

/** What a layer is made of. */
export type LayerOrigin = Pick<Archive, "path" | "source" | "compression" | "directory">;

/** The layer, as it is written or sent. */
export interface PackedLayer {
  mediaType: string;
  compression: Compression;
  /** Of its bytes as they are, and of the tar without compression: `sha256:…`. */
  digest: string;
  diffId: string;
  sizeBytes: number;
}

/** Where the layer's bytes go, in order. They may be used again once it resolves. */
export type Put = (bytes: Uint8Array) => Promise<void>;

const mediaTypes: Readonly<Record<Compression, string>> = {
  none: "application/vnd.oci.image.layer.v1.tar",
  gzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  zstd: "application/vnd.oci.image.layer.v1.tar+zstd",
};

/** The bytes went through the limit already, when the archive was opened. */
const unlimited = { ratio: Number.POSITIVE_INFINITY, floorBytes: 0 };

/**
 * The archive's own bytes.
 * @throws {UsageError} where they went by and cannot be read again.
 */
export function layerBytes({ path, source, directory }: LayerOrigin): ByteSource {
  if (source !== undefined) return source;
  throw new UsageError({
    code: "no-file",
    what: directory
      ? `${path} is a folder, and a layer is made of an archive`
      : "an archive from a pipe goes by once, and a layer has to be read again",
    allowed: "an archive that is a file",
    next: directory
      ? `pack it first: tar -C ${quote(path)} -cf ARCHIVE .`
      : "save it to a file first: cat > ARCHIVE",
  });
}

/**
 * Makes the archive's bytes into a layer, and tells what it is by its digests. Bytes whose
 * compression is wanted as it is are not touched.
 * @param put where they go; undefined to learn the digests alone.
 * @param pass called with the number of bytes of the archive that are done.
 */
export async function packLayer(
  archive: LayerOrigin,
  compression: Compression,
  put: Put | undefined,
  pass: (bytes: number) => void = () => {},
): Promise<PackedLayer> {
  const source = layerBytes(archive);
  const common = { mediaType: mediaTypes[compression], compression };
  if (archive.compression === compression) {
    if (compression === "none") {
      const whole = await copyWhole(source, put, pass);
      return { ...common, ...whole, diffId: whole.digest };
    }
    return { ...common, ...(await copyCompressed(source, compression, put, pass)) };
  }
  const plain = createHash("sha256");
  const packed = new Tally();
  for await (const bytes of converted(archive, compression, (each) => plain.update(each), pass)) {
    await packed.take(bytes, put);
  }
  const { digest, sizeBytes } = packed.end();
  const diffId = compression === "none" ? digest : `sha256:${plain.digest("hex")}`;
  return { ...common, digest, diffId, sizeBytes };
}

/** The layer's bytes from an offset on, for who sends them. */
export async function* layerFrom(
  archive: LayerOrigin,
  compression: Compression,
  offset: number,
): AsyncGenerator<Uint8Array> {
  if (archive.compression === compression) {
    yield* layerBytes(archive).stream(offset);
    return;
  }
  // What is made anew is the same each time, so what was sent already is made again and dropped.
  let at = 0;
  for await (const bytes of converted(archive, compression)) {
    const from = Math.max(0, offset - at);
    if (from < bytes.length) yield bytes.subarray(from);
    at += bytes.length;
  }
}

async function* converted(
  archive: LayerOrigin,
  compression: Compression,
  plain: (bytes: Uint8Array) => void = () => {},
  pass: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const own = counted(layerBytes(archive).stream(), pass);
  const tar =
    archive.compression === "none" ? own : decompress(own, archive.compression, unlimited);
  if (compression === "none") {
    yield* tar;
    return;
  }
  yield* compress(seen(tar, plain), compression);
}

async function* counted(
  input: AsyncIterable<Uint8Array>,
  pass: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const bytes of input) {
    done += bytes.length;
    pass(done);
    yield bytes;
  }
}

async function* seen(
  input: AsyncIterable<Uint8Array>,
  look: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of input) {
    look(bytes);
    yield bytes;
  }
}

const windowBytes = 1024 * 1024;

/**
 * Copies and hashes in one pass. While one window is hashed, the one before it is written and the
 * one behind it is read, each in memory of its own.
 */
async function copyWhole(
  source: ByteSource,
  put: Put | undefined,
  pass: (bytes: number) => void,
): Promise<{ digest: string; sizeBytes: number }> {
  const hash = createHash("sha256");
  const windows = [0, 1, 2].map(() => Buffer.allocUnsafeSlow(windowBytes));
  const readAt = (at: number): Promise<Uint8Array> => {
    const window = windows[(at / windowBytes) % windows.length] as Buffer;
    const target = window.subarray(0, Math.min(windowBytes, source.size - at));
    const reading = fill(source, at, target).then(() => target);
    reading.catch(() => {});
    return reading;
  };
  let reading = readAt(0);
  let writing: Promise<void> = Promise.resolve();
  for (let at = 0; at < source.size; at += windowBytes) {
    const bytes = await reading;
    if (at + windowBytes < source.size) reading = readAt(at + windowBytes);
    await writing;
    writing = put?.(bytes) ?? Promise.resolve();
    writing.catch(() => {});
    hash.update(bytes);
    pass(at + bytes.length);
  }
  await writing;
  return { digest: `sha256:${hash.digest("hex")}`, sizeBytes: source.size };
}

/** Copies compressed bytes as they are, and looks into them on the way. */
async function copyCompressed(
  source: ByteSource,
  compression: Exclude<Compression, "none">,
  put: Put | undefined,
  pass: (bytes: number) => void,
): Promise<{ digest: string; diffId: string; sizeBytes: number }> {
  const packed = new Tally();
  const plain = createHash("sha256");
  async function* copied(): AsyncGenerator<Uint8Array> {
    for await (const bytes of counted(source.stream(), pass)) {
      await packed.take(bytes, put);
      yield bytes;
    }
  }
  for await (const bytes of decompress(copied(), compression, unlimited)) plain.update(bytes);
  const { digest, sizeBytes } = packed.end();
  if (sizeBytes === source.size)
    return { digest, diffId: `sha256:${plain.digest("hex")}`, sizeBytes };
  throw new ArchiveError({
    code: "after-end",
    what: `something follows the ${compression} data`,
    where: { offset: sizeBytes },
    found: `${formatCount(source.size - sizeBytes)} bytes`,
    allowed: "nothing",
    next: "treat the archive as tampered with, or have the layer made anew: --compress none",
  });
}

/** Counts and hashes what goes by, and passes it on. */
class Tally {
  readonly #hash = createHash("sha256");
  #size = 0;

  async take(bytes: Uint8Array, put: Put | undefined): Promise<void> {
    const writing = put?.(bytes);
    writing?.catch(() => {});
    this.#size += bytes.length;
    this.#hash.update(bytes);
    await writing;
  }

  end(): { digest: string; sizeBytes: number } {
    return { digest: `sha256:${this.#hash.digest("hex")}`, sizeBytes: this.#size };
  }
}
