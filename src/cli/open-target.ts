import { UsageError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { shownName } from "../base/remote-name.ts";
import { sanitize } from "../base/text.ts";
import { formatBytes } from "../base/units.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import {
  type CheckpointOptions,
  openCheckpoint,
  openCheckpointDescriptor,
  openCheckpointPipe,
} from "../checkpoint/open-checkpoint.ts";
import type { Io } from "./io.ts";
import type { CommonOptions, ParentOptions } from "./options.ts";
import { Progress } from "./progress.ts";

/** What says how archives are opened, wherever they are. */
export type OpeningOptions = Pick<
  CommonOptions,
  "permissions" | "maxExpansion" | "spool" | "maxDownload" | "caFile" | "plainHttp"
>;

type Options = OpeningOptions & Pick<CommonOptions, "quiet" | "output">;

/** The library's options for what the command line said. */
export function checkpointOptions(options: Options, io: Io): CheckpointOptions {
  const { maxDownload, caFile, plainHttp } = options;
  const result: CheckpointOptions = {
    permissions: options.permissions,
    remote: {
      env: { ...io.env },
      ...(maxDownload === undefined ? {} : { maxDownload }),
      ...(caFile === undefined ? {} : { caFile }),
      ...(plainHttp === undefined ? {} : { plainHttp }),
    },
    remoteHooks: {
      clock: io,
      fetching: (bytes, shown) => {
        if (options.quiet !== true) void tellFetching(bytes, shown, io);
      },
    },
  };
  if (options.spool !== undefined) result.spool = options.spool;
  if (options.maxExpansion !== undefined) {
    result.expansion = {
      ratio: options.maxExpansion,
      floorBytes: limits.expansionFloorBytes,
    };
  }
  return result;
}

/** Says what a command is about to fetch, so that nobody waits, or pays, without knowing. */
async function tellFetching(bytes: number, shown: string, io: Io): Promise<void> {
  await io.err.write(`cryoscope: fetching ${formatBytes(bytes)} from ${sanitize(shown)}\n`);
}

/**
 * Opens the archive that a command names, `-` for standard input; shows progress while a
 * compressed one is passed over, and says on stderr what a lax policy let pass.
 */
export async function openTarget(
  path: string,
  options: Options,
  io: Io,
  parent?: Checkpoint,
): Promise<Checkpoint> {
  return openWith((full) => open(path, full, io), path, options, io, parent);
}

/** Opens an archive that comes as a stream, part of which may have been looked at. */
export async function openPipeTarget(
  bytes: AsyncIterable<Uint8Array>,
  options: Options,
  io: Io,
): Promise<Checkpoint> {
  return openWith((full) => openCheckpointPipe(bytes, full), "-", options, io);
}

async function openWith(
  opens: (options: CheckpointOptions) => Promise<Checkpoint>,
  path: string,
  options: Options,
  io: Io,
  parent?: Checkpoint,
): Promise<Checkpoint> {
  const progress = new Progress(io, `reading ${sanitize(shownName(path))}`, options.quiet === true);
  const full = {
    ...checkpointOptions(options, io),
    ...(parent === undefined ? {} : { parent }),
    progress: progress.pass,
  };
  try {
    const checkpoint = await opens(full);
    await progress.end();
    await warnOfPermissions(checkpoint, options, io);
    return checkpoint;
  } finally {
    await progress.end();
  }
}

/** Opens what a command names, with the parents that are named, and closes all after `work`. */
export async function withTarget(
  path: string,
  options: Options & ParentOptions,
  io: Io,
  work: (checkpoint: Checkpoint) => Promise<number>,
): Promise<number> {
  const paths = [path, ...(options.parent ?? [])];
  if (paths.filter((each) => each === "-").length > 1) {
    throw new UsageError({
      what: "an archive and its parent cannot both come from standard input",
      next: "name a file for one of them",
    });
  }
  const opened: Checkpoint[] = [];
  try {
    // The oldest first: each needs the one before it.
    for (const each of paths.reverse()) {
      opened.push(await openTarget(each, options, io, opened.at(-1)));
    }
    return await work(opened.at(-1) as Checkpoint);
  } finally {
    for (const checkpoint of opened.reverse()) await checkpoint.close();
  }
}

function open(path: string, options: CheckpointOptions, io: Io): Promise<Checkpoint> {
  if (path !== "-") return openCheckpoint(path, options);
  if (io.stdin.isFile) return openCheckpointDescriptor(0, options);
  if (io.stdin.isTTY) {
    throw new UsageError({
      what: "standard input is a terminal, where no archive can come from",
      next: "send an archive to it (cat FILE | cryoscope …), or name a file",
    });
  }
  return openCheckpointPipe(io.stdin.stream(), options);
}

async function warnOfPermissions(checkpoint: Checkpoint, options: Options, io: Io): Promise<void> {
  if (options.quiet === true) return;
  for (const { code, message } of checkpoint.archive.problems) {
    if (code.startsWith("permissions-") && code !== "permissions-unchecked") {
      await io.err.write(`cryoscope: warning: ${sanitize(message)}\n`);
    }
  }
}
