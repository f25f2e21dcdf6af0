import { open } from "node:fs/promises";
import { recogniseCompression } from "../../archive/compression.ts";
import { decompress } from "../../archive/decompress.ts";
import { defaultExpansion } from "../../archive/expansion.ts";
import { ArchiveError, RefusedError } from "../../base/errors.ts";

type Chunks = AsyncIterable<Uint8Array>;

/** A file with reports, or a pipe of them. */
export interface ReportFile {
  /** As it was named; `-` is standard input. */
  path: string;
  /** Can it be read from any place, and again? */
  seekable: boolean;
  /** Its bytes, unpacked, from an offset on. A chunk is good until the next one is asked for. */
  read(offset: number): Chunks;
}

const chunkBytes = 256 * 1024;

/**
 * A report on disk, plain or compressed with gzip or zstd. Its first look pins it: later ones have
 * to find the same file.
 * @throws RefusedError, ArchiveError for what cannot be opened, or is no file
 */
export async function openReportFile(path: string): Promise<ReportFile> {
  const handle = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  try {
    const mark = await markOf(handle);
    const head = Buffer.alloc(8);
    const { bytesRead } = await handle.read(head, 0, head.length, 0).catch((error) => {
      throw unreadable(path, error as NodeJS.ErrnoException);
    });
    const compression = recogniseCompression(head.subarray(0, bytesRead));
    if (compression === "none") {
      return { path, seekable: true, read: (offset) => chunksOf(path, mark, offset) };
    }
    const unpacked = (): Chunks => decompress(copies(path, mark), compression, defaultExpansion);
    return { path, seekable: false, read: unpacked };
  } finally {
    await handle.close();
  }
}

/** Standard input: it can be read once. */
export function pipedReports(stream: () => Chunks): ReportFile {
  return { path: "-", seekable: false, read: stream };
}

type Handle = Awaited<ReturnType<typeof open>>;

/** What tells a file from another one, and from itself after it was written. */
async function markOf(handle: Handle): Promise<string> {
  const { dev, ino, size, mtimeNs } = await handle.stat({ bigint: true });
  return [dev, ino, size, mtimeNs].join(" ");
}

async function* chunksOf(path: string, mark: string, offset: number): Chunks {
  const handle = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  try {
    if ((await markOf(handle)) !== mark) throw changed(path);
    const buffer = Buffer.allocUnsafeSlow(chunkBytes);
    for (let at = offset; ; ) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at).catch((error) => {
        throw unreadable(path, error as NodeJS.ErrnoException);
      });
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** zlib works on a chunk while the next one is read. */
async function* copies(path: string, mark: string): Chunks {
  for await (const chunk of chunksOf(path, mark, 0)) yield Buffer.from(chunk);
}

function unreadable(path: string, error: NodeJS.ErrnoException): Error {
  const { code = error.message } = error;
  if (code === "EACCES" || code === "EPERM") {
    const what = `you may not read ${path}`;
    return new RefusedError({ what, where: { path }, next: "run it as root (sudo)", cause: error });
  }
  return new ArchiveError({
    what: code === "ENOENT" ? `there is no ${path}` : `${path} cannot be read (${code})`,
    where: { path },
    next: "name reports that cryoscope audit -o json made, or folders of them",
    cause: error,
  });
}

function changed(path: string): ArchiveError {
  return new ArchiveError({
    code: "report-changed",
    what: "the report was written while it was merged",
    where: { path },
    found: "another size or time than a moment before",
    allowed: "a report that is whole",
    next: "merge again; let audits write their reports with --output-file, which names what is whole",
  });
}
