import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
  statSync,
} from "node:fs";
import { join, normalize } from "node:path/posix";
import type { EntryKind, Found, Host, HostEntry, HostSpace, HostStat } from "./host.ts";
import { runProgram } from "./run-program.ts";

/** Configuration and state of a node are some KiB; nothing of this size is what we look for. */
const readLimit = 1024 * 1024;
/** Entries of one folder that are looked at. A node has some thousand processes. */
const listLimit = 100_000;
/** As many links as the kernel follows. */
const linkLimit = 40;

/** A machine whose `/` is a folder: this machine itself with `/`, or a copy, or an image. */
export function folderHost(root: string): Host {
  const live = normalize(root) === "/";
  const lookup = <T>(path: string, use: (real: string) => T, last?: "keep"): Found<T> => {
    try {
      return { state: "found", path, value: use(resolveBelow(root, path, last)) };
    } catch (error) {
      return failure(path, error);
    }
  };
  const read = (path: string, limit = readLimit): Found<Uint8Array> =>
    lookup(path, (real) => readWhole(real, limit));
  return {
    root,
    live,
    read,
    text: (path, limit) => textOf(read(path, limit)),
    list: (path) => lookup(path, listFolder),
    stat: (path) => lookup(path, (real) => describe(statSync(real))),
    link: (path) => {
      const found = lookup(path, (real) => readlinkSync(real), "keep");
      return found.state === "unreadable" && found.why === notALink
        ? { state: "absent", path }
        : found;
    },
    space: (path) => lookup(path, spaceOf),
    run: async (program, args) => {
      if (!live) {
        return { state: "unreadable", path: program, why: "programs of another root are not run" };
      }
      return runProgram(program, args);
    },
  };
}

const notALink = "it is no link";

/** A reason of our own, told as it is. */
class Unfit extends Error {}

function failure<T>(path: string, error: unknown): Found<T> {
  if (error instanceof Unfit) return { state: "unreadable", path, why: error.message };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return { state: "absent", path };
  if (code === "EACCES" || code === "EPERM") {
    return { state: "unreadable", path, why: "you may not read it; run cryoscope as root" };
  }
  if (code === "EINVAL") return { state: "unreadable", path, why: notALink };
  return { state: "unreadable", path, why: code ?? message };
}

/**
 * The path below a root with every link followed as it would be if the root were `/`: an absolute
 * link begins at the root again, and `..` does not lead above it.
 * @param last "keep" leaves a link at the end as it is.
 */
function resolveBelow(root: string, path: string, last: "follow" | "keep" = "follow"): string {
  const todo = path.split("/").reverse();
  const done: string[] = [];
  let links = 0;
  while (todo.length > 0) {
    const part = todo.pop() as string;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done.pop();
      continue;
    }
    const here = join(root, ...done, part);
    const isLast = todo.every((rest) => rest === "" || rest === ".");
    if ((isLast && last === "keep") || !lstatSync(here).isSymbolicLink()) done.push(part);
    else {
      links += 1;
      if (links > linkLimit) throw new Unfit("its links lead in a circle");
      const target = readlinkSync(here);
      if (target.startsWith("/")) done.length = 0;
      todo.push(...target.split("/").reverse());
    }
  }
  return join(root, ...done);
}

function readWhole(path: string, limit: number): Uint8Array {
  // Non-blocking, so that a pipe that lies there does not hold us before it is judged.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const fd = openSync(path, flags);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new Unfit(`it is a ${kindOf(stats)}, not a file`);
    if (stats.size > limit) throw new Unfit(`it has ${stats.size} bytes, more than ${limit}`);
    // Files of the kernel have no size, so they are read until they end.
    const chunks: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(Math.min(65536, limit - total + 1));
      const got = readSync(fd, chunk, 0, chunk.length, null);
      if (got === 0) return Buffer.concat(chunks, total);
      chunks.push(chunk.subarray(0, got));
      total += got;
      if (total > limit) throw new Unfit(`it has more than ${limit} bytes`);
    }
  } finally {
    closeSync(fd);
  }
}

function textOf(found: Found<Uint8Array>): Found<string> {
  if (found.state !== "found") return found;
  if (found.value.includes(0)) {
    return { state: "unreadable", path: found.path, why: "it is binary, where text belongs" };
  }
  return { ...found, value: Buffer.from(found.value).toString("utf8") };
}

function listFolder(path: string): HostEntry[] {
  const entries = readdirSync(path, { withFileTypes: true });
  if (entries.length > listLimit) throw new Unfit(`it has more than ${listLimit} entries`);
  return entries
    .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

type Kinds = Pick<
  Stats,
  | "isFile"
  | "isDirectory"
  | "isSymbolicLink"
  | "isSocket"
  | "isFIFO"
  | "isBlockDevice"
  | "isCharacterDevice"
>;

function kindOf(entry: Kinds): EntryKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "link";
  if (entry.isSocket()) return "socket";
  if (entry.isFIFO()) return "fifo";
  return entry.isBlockDevice() || entry.isCharacterDevice() ? "device" : "unknown";
}

function describe(stats: Stats): HostStat {
  return {
    kind: kindOf(stats),
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    bytes: stats.size,
    modifiedAt: stats.mtimeMs,
  };
}

function spaceOf(path: string): HostSpace {
  const { bsize, blocks, bfree } = statfsSync(path);
  return { totalBytes: bsize * blocks, freeBytes: bsize * bfree };
}
