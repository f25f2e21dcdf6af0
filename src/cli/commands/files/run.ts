import { listFiles } from "../../../checkpoint/file-list.ts";
import { quietFiles, renderFiles } from "../../../report/file-view.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";

export interface FilesCommandOptions extends CommonOptions {
  pid?: number;
}

export async function runFiles(
  path: string,
  options: FilesCommandOptions,
  io: Io,
): Promise<number> {
  const checkpoint = await openTarget(path, options, io);
  try {
    const list = await listFiles(checkpoint, {
      reveal: options.reveal === true,
      ...(options.pid === undefined ? {} : { pid: options.pid }),
    });
    await printResult(
      list,
      (table) => (options.quiet === true ? quietFiles(list) : renderFiles(list, table)),
      options,
      io,
    );
    return await verdict(list.problems, io);
  } finally {
    await checkpoint.close();
  }
}
