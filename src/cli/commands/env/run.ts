import { sanitize } from "../../../base/text.ts";
import { listEnvironments } from "../../../checkpoint/environment-list.ts";
import { environmentNames, renderEnvironments } from "../../../report/environment-view.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";

export interface EnvCommandOptions extends CommonOptions {
  pid?: number;
}

export async function runEnv(path: string, options: EnvCommandOptions, io: Io): Promise<number> {
  const checkpoint = await openTarget(path, options, io);
  try {
    const list = await listEnvironments(checkpoint, {
      reveal: options.reveal === true,
      ...(options.pid === undefined ? {} : { pid: options.pid }),
    });
    await printResult(
      list,
      (table) =>
        options.quiet === true
          ? environmentNames(list)
              .map((name) => `${sanitize(name)}\n`)
              .join("")
          : renderEnvironments(list, table),
      options,
      io,
    );
    return await verdict(list.problems, io);
  } finally {
    await checkpoint.close();
  }
}
