import type { Archive } from "../archive/archive.ts";
import {
  type OpenOptions,
  openArchive,
  openDescriptor,
  openPipe,
} from "../archive/open-archive.ts";
import type { PermissionPolicy } from "../archive/permission-gate.ts";
import { ArchiveError } from "../base/errors.ts";
import { quote } from "../base/shell.ts";
import { Checkpoint } from "./checkpoint.ts";
import { findImageFolder } from "./image-folder.ts";
import { checkpointRetainPolicy } from "./retain.ts";

/** Options of `openCheckpoint`. */
export interface CheckpointOptions extends Omit<OpenOptions, "retain"> {
  /**
   * Who may own the archive: `root` (the default), `owner` (the caller), `any`.
   * Asked on the open descriptor before a byte is read.
   */
  permissions?: PermissionPolicy;
  /**
   * The checkpoint before this one (a pre-dump), for pages that were left there. It stays its
   * opener's, and is not closed with this one.
   */
  parent?: Checkpoint;
}

/**
 * Opens a checkpoint archive: a file, plain or compressed with gzip or zstd, a folder of CRIU
 * images or of an unpacked archive, or `-` with `input` for a pipe.
 *
 * Reads the table of contents and nothing more; each question is answered from the archive when
 * it is first asked. Nothing is written anywhere. Close it after use.
 *
 * @param path of the archive
 * @throws RefusedError when the permission gate refuses (exit code 4 of the command)
 * @throws ArchiveError when it cannot be read at all (exit code 3)
 */
export async function openCheckpoint(
  path: string,
  options: CheckpointOptions = {},
): Promise<Checkpoint> {
  const archive = await openArchive(path, { ...options, retain: checkpointRetainPolicy() });
  if (archive.directory) await requireDump(archive);
  return new Checkpoint(archive, options);
}

/** Any folder can be opened; one without a dump is most likely a folder of archives. */
async function requireDump(archive: Archive): Promise<void> {
  const metadata = ["config.dump", "spec.dump"].some((name) => archive.find(name) !== undefined);
  if (metadata || findImageFolder(archive) !== undefined) return;
  await archive.close();
  throw new ArchiveError({
    what: `${archive.path} is a folder without CRIU images`,
    where: { path: archive.path },
    allowed: "an archive, a folder of CRIU images, or an unpacked archive",
    next: `list the archives in it: cryoscope list ${quote(archive.path)}`,
  });
}

/** Opens a checkpoint that comes by a pipe. Large members can be read once, in order, or never. */
export async function openCheckpointPipe(
  input: AsyncIterable<Uint8Array>,
  options: CheckpointOptions = {},
): Promise<Checkpoint> {
  const archive = await openPipe(input, { ...options, retain: checkpointRetainPolicy() });
  return new Checkpoint(archive, options);
}

/** Opens a checkpoint from a descriptor: standard input that was redirected from a file. */
export async function openCheckpointDescriptor(
  fd: number,
  options: CheckpointOptions = {},
): Promise<Checkpoint> {
  const archive = await openDescriptor(fd, { ...options, retain: checkpointRetainPolicy() });
  return new Checkpoint(archive, options);
}
