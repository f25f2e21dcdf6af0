import { closeSync, fstatSync, type Stats } from "node:fs";
import type { ByteSource } from "../base/byte-source.ts";
import { concat } from "../base/bytes.ts";
import { ArchiveError, Fault } from "../base/errors.ts";
import type { Problem } from "../base/problem.ts";
import { isRemote } from "../base/remote-name.ts";
import type { RemoteAccess, RemoteHooks } from "../remote/access.ts";
import { Archive, type ArchiveFile, type ArchiveParts } from "./archive.ts";
import { BufferSource } from "./buffer-source.ts";
import { magicBytes, recogniseCompression } from "./compression.ts";
import { decompress } from "./decompress.ts";
import { openDirectory } from "./directory-archive.ts";
import { defaultExpansion, type ExpansionLimit } from "./expansion.ts";
import { FileSource } from "./file-source.ts";
import { lookAt } from "./look-at.ts";
import { judge, openGated, type PermissionPolicy } from "./permission-gate.ts";
import { PlainReader } from "./plain-reader.ts";
import { type RetainPolicy, retainSmall } from "./retained.ts";
import { spool } from "./spool.ts";
import { type Restream, StreamedReader } from "./streamed-reader.ts";
import { indexTar, indexTarStream } from "./tar-index.ts";

export interface OpenOptions {
  permissions?: PermissionPolicy;
  /** What a pass over an archive that cannot seek keeps in memory. */
  retain?: RetainPolicy;
  /** When decompression is stopped as a bomb. */
  expansion?: ExpansionLimit;
  /** Folder for a private, already unlinked copy of an archive that cannot seek. */
  spool?: string;
  /** Called as a pass over an archive that cannot seek goes on. */
  progress?: (progress: PassProgress) => void;
  /** How archives at `https://…` and `oci://…` are reached. */
  remote?: RemoteAccess;
  /** What is told of them. */
  remoteHooks?: RemoteHooks;
}

/** How far a pass is: bytes of the file that were read, of all that there are. */
export interface PassProgress {
  read: number;
  /** Undefined for a pipe. */
  total: number | undefined;
}

/**
 * Opens an archive file after the permission gate let it pass; or one elsewhere, for which there are
 * no permissions to check, which its problems say.
 * @throws RefusedError from the gate; ArchiveError where nothing can be read. Damage further in
 * is found in `problems` instead.
 */
export async function openArchive(path: string, options: OpenOptions = {}): Promise<Archive> {
  if (isRemote(path)) return openElsewhere(path, options);
  if (lookAt(path)?.isDirectory() === true) {
    return openDirectory(path, options.permissions ?? "root");
  }
  const { fd, stats, problems } = await openGated(path, options.permissions ?? "root");
  const close = async (): Promise<void> => closeSync(fd);
  return openFile(fd, stats, { ...options, path, problems, close });
}

async function openElsewhere(text: string, options: OpenOptions): Promise<Archive> {
  const { openRemote } = await import("../remote/open-remote.ts");
  const file = await openRemote(text, options.remote, options.remoteHooks);
  const { shown: path, problems, close, source } = file;
  try {
    return await openSource(source, { ...options, path, problems, close, sequential: !file.parts });
  } catch (error) {
    await close();
    throw error instanceof Fault ? error.at({ path }) : error;
  }
}

/**
 * Opens an archive from a descriptor that something else opened, such as standard input that was
 * redirected from a file. The gate judges it as it would judge the file by name.
 */
export async function openDescriptor(fd: number, options: OpenOptions = {}): Promise<Archive> {
  const stats = fstatSync(fd);
  const problems = await judge(fd, stats, "-", options.permissions ?? "root");
  return openFile(fd, stats, { ...options, path: "-", problems });
}

async function openFile(fd: number, stats: Stats, options: SourceOptions): Promise<Archive> {
  const { path } = options;
  const source = new FileSource(fd, stats.size, path);
  const { uid, gid, mtimeMs: mtime } = stats;
  const file: ArchiveFile = { mode: stats.mode & 0o7777, uid, gid, mtime };
  try {
    return await openSource(source, { ...options, file });
  } catch (error) {
    await options.close?.();
    throw error instanceof Fault ? error.at({ path }) : error;
  }
}

interface SourceOptions extends OpenOptions {
  path: string;
  file?: ArchiveFile;
  problems?: readonly Problem[];
  close?: () => Promise<void>;
  /** Reading at random is dear: index in one pass even where the tar is plain. */
  sequential?: boolean;
  /** Decompress at once what is small, which takes a tenth of the time that a stream does. */
  atOnce?: boolean;
}

/** Compressed bytes that are small, and bytes that they may become. */
const atOnceBytes = { compressed: 64 * 1024, plain: 1024 * 1024 };

/** The whole of a small gzip file; undefined where it is not small, or damaged. */
async function gunzipAtOnce(source: ByteSource): Promise<ByteSource | undefined> {
  if (source.size > atOnceBytes.compressed) return undefined;
  const { gunzipSync } = await import("node:zlib");
  try {
    const bytes = await source.read(0, source.size);
    return new BufferSource(gunzipSync(bytes, { maxOutputLength: atOnceBytes.plain }));
  } catch {
    // The stream finds out what is wrong, and shows what can still be read.
    return undefined;
  }
}

/** Opens an archive from bytes: a file, or a member of another archive. */
export async function openSource(source: ByteSource, options: SourceOptions): Promise<Archive> {
  const close = options.close ?? (async () => {});
  const head = await source.read(0, magicBytes);
  const compression = recogniseCompression(head);
  const { path, file } = options;
  const common = { path, sizeBytes: source.size, file, compression, source };
  const plain =
    compression === "none" && options.sequential !== true
      ? source
      : compression === "gzip" && options.atOnce === true
        ? await gunzipAtOnce(source)
        : undefined;
  if (plain !== undefined) {
    const index = await indexTar(plain);
    const problems = [...(options.problems ?? []), ...index.problems];
    const reader = new PlainReader(plain, close);
    return new Archive({ ...common, members: index.members, problems, reader });
  }
  const expansion = options.expansion ?? defaultExpansion;
  const tar = (input: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
    compression === "none" ? input : decompress(input, compression, expansion);
  const restream: Restream = () => tar(source.stream());
  const input = countRead(source.stream(), source.size, options.progress);
  return openStream(tar(input), restream, { ...options, close }, common);
}

/**
 * Opens an archive that arrives by a pipe. There are no permissions to check, which the archive's
 * problems say.
 */
export async function openPipe(
  input: AsyncIterable<Uint8Array>,
  options: OpenOptions = {},
): Promise<Archive> {
  const { head, rest } = await peek(countRead(input, undefined, options.progress));
  const compression = recogniseCompression(head);
  const expansion = options.expansion ?? defaultExpansion;
  const tar = compression === "none" ? rest : decompress(rest, compression, expansion);
  const unchecked: Problem = {
    severity: "note",
    code: "permissions-unchecked",
    message: "the archive came by standard input, so nobody can tell who else could read it",
  };
  const full = { ...options, path: "-", problems: [unchecked] };
  const common = { path: "-", sizeBytes: undefined, file: undefined, compression };
  return openStream(tar, undefined, full, common);
}

type CommonParts = Pick<ArchiveParts, "path" | "sizeBytes" | "file" | "compression" | "source">;

async function openStream(
  input: AsyncIterable<Uint8Array>,
  restream: Restream,
  options: SourceOptions,
  common: CommonParts,
): Promise<Archive> {
  if (options.spool !== undefined) return openSpooled(input, options.spool, options, common);
  const index = await indexTarStream(input, { retain: options.retain ?? retainSmall });
  const problems = [...(options.problems ?? []), ...index.problems];
  const reader = new StreamedReader(index.store, restream, options.close ?? (async () => {}));
  return new Archive({ ...common, members: index.members, problems, reader });
}

async function openSpooled(
  input: AsyncIterable<Uint8Array>,
  folder: string,
  options: SourceOptions,
  common: CommonParts,
): Promise<Archive> {
  const copy = await spool(input, folder);
  try {
    const index = await indexTar(copy.source);
    const problems = [...(options.problems ?? []), ...copy.problems, ...index.problems];
    const close = async (): Promise<void> => {
      await copy.close();
      await options.close?.();
    };
    const reader = new PlainReader(copy.source, close);
    return new Archive({ ...common, members: index.members, problems, reader });
  } catch (error) {
    await copy.close();
    throw error;
  }
}

async function* countRead(
  input: AsyncIterable<Uint8Array>,
  total: number | undefined,
  progress: OpenOptions["progress"],
): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of input) {
    read += chunk.length;
    progress?.({ read, total });
    yield chunk;
  }
}

/** The first bytes of a stream, and a stream that still begins with them. */
async function peek(
  input: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; rest: AsyncIterable<Uint8Array> }> {
  const iterator = input[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let length = 0;
  while (length < magicBytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    held.push(next.value);
    length += next.value.length;
  }
  const head = concat(held);
  if (head.length === 0) {
    throw new ArchiveError({
      what: "standard input is empty",
      where: { path: "-" },
      next: "send an archive to it, or name a file",
    });
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head, rest: rest() };
}
