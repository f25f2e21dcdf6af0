import { listMounts } from "../../../checkpoint/mount-list.ts";
import { quietMounts, renderMounts } from "../../../report/mount-view.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";

export type MountsCommandOptions = CommonOptions;

export async function runMounts(
  path: string,
  options: MountsCommandOptions,
  io: Io,
): Promise<number> {
  const checkpoint = await openTarget(path, options, io);
  try {
    const list = await listMounts(checkpoint, {
      reveal: options.reveal === true,
    });
    await printResult(
      list,
      (table) => (options.quiet === true ? quietMounts(list) : renderMounts(list, table)),
      options,
      io,
    );
    return await verdict(list.problems, io);
  } finally {
    await checkpoint.close();
  }
}
