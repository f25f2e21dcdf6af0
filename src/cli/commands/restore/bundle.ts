import { dirname } from "node:path";
import { callerUid } from "../../../base/caller.ts";
import { sanitize } from "../../../base/text.ts";
import { renderRestoreBundle } from "../../../report/restore-bundle-view.ts";
import { parseBase } from "../../../restore/bundle/base.ts";
import type { RestoreBundle } from "../../../restore/bundle/bundle.ts";
import { writeBundle } from "../../../restore/bundle/write-bundle.ts";
import { exitCodes } from "../../exit-codes.ts";
import { beforeFetching } from "../../fetching.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { Progress } from "../../progress.ts";

export interface BundleCommandOptions extends CommonOptions {
  directory: string;
  rootfs: string;
  network: "none" | "host";
  keepHooks?: boolean;
  runtime?: "runc" | "crun";
}

export async function runBundle(
  path: string,
  options: BundleCommandOptions,
  io: Io,
): Promise<number> {
  const base = parseBase(options.rootfs);
  // Every image is wanted, so an archive that cannot seek is unpacked once instead of once for each.
  const spool = options.spool ?? dirname(options.directory);
  const checkpoint = await openTarget(path, { ...options, spool }, io);
  const progress = new Progress(io, "writing", options.quiet === true);
  let bundle: RestoreBundle;
  try {
    await beforeFetching(checkpoint, options, io);
    bundle = await writeBundle(checkpoint, options.directory, {
      base,
      network: options.network,
      keepHooks: options.keepHooks === true,
      ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
      owners: (await callerUid()) === 0,
      partial: io.partial,
      progress: (bytes) => progress.pass({ read: bytes, total: undefined }),
    });
  } finally {
    await progress.end();
    await checkpoint.close();
  }
  await printResult(
    bundle,
    (table) =>
      options.quiet === true ? `${sanitize(bundle.command)}\n` : renderRestoreBundle(bundle, table),
    options,
    io,
  );
  return exitCodes.fine;
}
