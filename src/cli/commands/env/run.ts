import { sanitize } from "../../../base/text.ts";
import { listEnvironments } from "../../../checkpoint/environment-list.ts";
import { environmentNames, renderEnvironments } from "../../../report/environment-view.ts";
import type { Io } from "../../io.ts";
import { withTarget } from "../../open-target.ts";
import type { CommonOptions, ParentOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";

export interface EnvCommandOptions extends CommonOptions, ParentOptions {
  pid?: number;
}

export function runEnv(path: string, options: EnvCommandOptions, io: Io): Promise<number> {
  return withTarget(path, options, io, async (checkpoint) => {
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
    return verdict(list.problems, io);
  });
}
