import { type FileHandle, open } from "node:fs/promises";
import { recogniseCompression } from "../../../archive/compression.ts";
import { FileSource } from "../../../archive/file-source.ts";
import { UsageError } from "../../../base/errors.ts";
import type { Io } from "../../io.ts";

/** A plain log that was opened, as a stream of bytes. */
interface LogInput {
  bytes: AsyncIterable<Uint8Array>;
  close: () => Promise<void>;
}

/** Bytes of a file that are looked at to tell a log from an archive. */
const headBytes = 512;

/** No log has NULs or a magic of gzip or zstd at its beginning, and every archive has one of them. */
function isArchive(head: Uint8Array): boolean {
  return head.includes(0) || recogniseCompression(head) !== "none";
}

/**
 * Opens a plain log. Logs hold no memory, come as excerpts in tickets and lie in shared folders, so
 * the gate for archives is not asked.
 * @returns undefined where it is something else, which is for `openTarget` to open or to refuse.
 */
export async function openLogFile(path: string): Promise<LogInput | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch {
    return undefined;
  }
  const close = (): Promise<void> => handle.close();
  try {
    const stats = await handle.stat();
    // What `<(kubectl …)` gives.
    if (stats.isFIFO()) return { bytes: handle.createReadStream({ autoClose: false }), close };
    const source = new FileSource(handle.fd, stats.size, path);
    if (stats.isFile() && !isArchive(await source.read(0, headBytes))) {
      return { bytes: source.stream(), close };
    }
  } catch (error) {
    await close();
    throw error;
  }
  await close();
  return undefined;
}

/**
 * Looks at standard input.
 * @returns the whole stream, and whether it is a log.
 */
export async function peekInput(
  io: Io,
): Promise<{ log: boolean; bytes: AsyncIterable<Uint8Array> }> {
  if (io.stdin.isTTY) {
    throw new UsageError({
      what: "standard input is a terminal, where no log comes from",
      next: "name a file, or send a log to it: kubectl describe pod NAME | cryoscope explain",
    });
  }
  const stream = io.stdin.stream()[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < headBytes) {
    const next = await stream.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  const head = Buffer.concat(first);
  return { log: !isArchive(head.subarray(0, headBytes)), bytes: joined(head, stream) };
}

async function* joined(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    yield next.value;
  }
}
