import type { ByteSource } from "../../base/byte-source.ts";
import { ArchiveError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { safeNumber } from "../../base/u64.ts";
import { formatCount } from "../../base/units.ts";
import { type Decoded, decodeMessage } from "../decode.ts";
import type { ReadContext } from "../entries.ts";
import type { ImageFrame } from "../frames.ts";
import { openImage } from "../image.ts";

/** A run of bytes of a deleted file. Between runs are holes. Offsets and lengths in bytes. */
interface GhostChunk {
  /** Where it stands in the file. */
  at: number;
  length: number;
  /** Where it stands in the image. */
  offset: number;
}

/** A file that was deleted while somebody had it open, with its content. */
export interface GhostFile {
  id: number;
  /** `ghost-file-ID.img`, the number in hex. */
  image: string;
  uid: number;
  gid: number;
  mode: number;
  /** Milliseconds since 1970. */
  modifiedAt: number | undefined;
  /** Target, of a symbolic link. */
  linkTarget: string | undefined;
  sizeBytes: number;
  /** Ascending, not overlapping, inside the file. */
  chunks: GhostChunk[];
  /** False where damage cut the list of chunks. */
  complete: boolean;
}

export function ghostImage(id: number): string {
  return `ghost-file-${id.toString(16)}.img`;
}

/**
 * Reads what a ghost file is, and where its bytes are; none of them is read. Damage becomes a
 * problem, and what came before it is still there.
 * @returns undefined where there is no such image, or nothing in it that could be read
 */
export async function readGhost(
  { folder, problems }: ReadContext,
  id: number,
): Promise<GhostFile | undefined> {
  const image = ghostImage(id);
  const source = folder.open(image);
  if (source === undefined) return undefined;
  const found: { ghost?: GhostFile } = {};
  try {
    await readFrames(id, image, source, found);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    problems.addFault("broken-image", error, { member: folder.label(image) });
    if (found.ghost !== undefined) found.ghost.complete = false;
  }
  // Before CRIU wrote sizes a chunked file ended with its last chunk.
  const { ghost } = found;
  if (ghost?.sizeBytes === unknownSize) ghost.sizeBytes = endOf(ghost);
  return ghost;
}

async function readFrames(
  id: number,
  image: string,
  source: ByteSource,
  found: { ghost?: GhostFile },
): Promise<void> {
  const opened = await openImage(source);
  if (opened.type.name !== "GHOST_FILE") {
    throw wrong("an image is of another type than its name says", opened.type.name, "GHOST_FILE");
  }
  for await (const batch of opened.frames()) {
    for (const frame of batch) {
      try {
        if (found.ghost === undefined) found.ghost = headOf(id, image, frame);
        else addChunk(found.ghost, frame);
      } catch (error) {
        const place = { entry: frame.index, offset: frame.offset };
        throw error instanceof ArchiveError ? error.at(place) : error;
      }
    }
  }
  if (found.ghost === undefined) throw wrong("the image of a deleted file is empty", "no entry");
}

const unknownSize = -1;

function headOf(id: number, image: string, frame: ImageFrame): GhostFile {
  const head = decodeMessage("ghost_file_entry", frame.bytes);
  const { payload } = frame;
  const chunked = head.chunks === true;
  const length = payload?.length ?? 0;
  const chunks = chunked || length === 0 ? [] : [{ at: 0, length, offset: payload?.offset ?? 0 }];
  return {
    id,
    image,
    uid: head.uid,
    gid: head.gid,
    mode: head.mode,
    modifiedAt: timeOf(head.mtim),
    linkTarget: head.symlnk_target,
    sizeBytes: chunked ? announcedSize(head) : length,
    chunks,
    complete: true,
  };
}

function announcedSize({ size }: Decoded<"ghost_file_entry">): number {
  if (size === undefined) return unknownSize;
  const bytes = safeNumber(size);
  if (bytes !== undefined) return bytes;
  throw wrong("a deleted file has an impossible size", `${size} bytes`, "up to 2^53 - 1");
}

function addChunk(ghost: GhostFile, frame: ImageFrame): void {
  const { off } = decodeMessage("ghost_chunk_entry", frame.bytes);
  const { offset, length } = frame.payload ?? { offset: 0, length: 0 };
  const at = safeNumber(off);
  const end = safeNumber(off + BigInt(length));
  const from = endOf(ghost);
  const most = ghost.sizeBytes === unknownSize ? Number.MAX_SAFE_INTEGER : ghost.sizeBytes;
  if (at === undefined || end === undefined || at < from || end > most) {
    throw wrong(
      "chunks of a deleted file overlap or lie outside of it",
      `${formatCount(length)} bytes at ${formatCount(off)}`,
      `from ${formatCount(from)} to ${formatCount(most)}`,
    );
  }
  if (ghost.chunks.length >= limits.sparseSegments) {
    throw wrong("a deleted file has too many chunks", `more than ${limits.sparseSegments}`);
  }
  if (length > 0) ghost.chunks.push({ at, length, offset });
}

function endOf({ chunks }: GhostFile): number {
  const last = chunks.at(-1);
  return last === undefined ? 0 : last.at + last.length;
}

function timeOf(time: { tv_sec: bigint; tv_usec: bigint } | undefined): number | undefined {
  if (time === undefined) return undefined;
  const farthest = 8.64e15;
  const milliseconds = Number(BigInt.asIntN(64, time.tv_sec)) * 1000;
  return Math.abs(milliseconds) > farthest ? undefined : milliseconds;
}

function wrong(what: string, found: string, allowed?: string): ArchiveError {
  return new ArchiveError({ what, found, ...(allowed === undefined ? {} : { allowed }) });
}

/** The content of a ghost file; holes read as zeros. */
export class GhostContent implements ByteSource {
  readonly size: number;
  readonly #ghost: GhostFile;
  readonly #source: ByteSource;

  constructor(ghost: GhostFile, source: ByteSource) {
    this.size = ghost.sizeBytes;
    this.#ghost = ghost;
    this.#source = source;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    const result = new Uint8Array(Math.max(0, end - offset));
    const { chunks } = this.#ghost;
    for (let index = this.#firstAfter(offset); index < chunks.length; index++) {
      const chunk = chunks[index] as GhostChunk;
      if (chunk.at >= end) break;
      const from = Math.max(offset, chunk.at);
      const to = Math.min(end, chunk.at + chunk.length);
      const bytes = await this.#source.read(chunk.offset + (from - chunk.at), to - from);
      result.set(bytes, from - offset);
    }
    return result;
  }

  async *stream(offset = 0, length = this.size - offset): AsyncGenerator<Uint8Array> {
    const step = 256 * 1024;
    const end = Math.min(this.size, offset + length);
    for (let at = offset; at < end; at += step) yield this.read(at, Math.min(step, end - at));
  }

  /** The stored bytes alone, with their place in the file: for writers that keep holes. */
  async *stored(): AsyncGenerator<{ at: number; bytes: Uint8Array }> {
    for (const chunk of this.#ghost.chunks) {
      let at = chunk.at;
      for await (const bytes of this.#source.stream(chunk.offset, chunk.length)) {
        yield { at, bytes };
        at += bytes.length;
      }
    }
  }

  /** Index of the first chunk that ends behind an offset. */
  #firstAfter(offset: number): number {
    const { chunks } = this.#ghost;
    let low = 0;
    let high = chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = chunks[middle] as GhostChunk;
      if (chunk.at + chunk.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
