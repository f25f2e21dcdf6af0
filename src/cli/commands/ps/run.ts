import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { describeProcess } from "../../../checkpoint/process-document.ts";
import { listProcesses } from "../../../checkpoint/process-list.ts";
import { layoutProcesses, renderProcessList } from "../../../report/process-list-view.ts";
import { renderProcess } from "../../../report/process-view.ts";
import type { Io } from "../../io.ts";
import { withTarget } from "../../open-target.ts";
import type { CommonOptions, ParentOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";

export interface PsCommandOptions extends CommonOptions, ParentOptions {
  pid?: number;
  tree?: boolean;
  flat?: boolean;
}

export function runPs(path: string, options: PsCommandOptions, io: Io): Promise<number> {
  return withTarget(path, options, io, (checkpoint) =>
    options.pid === undefined
      ? showList(checkpoint, options, io)
      : showOne(checkpoint, options.pid, options, io),
  );
}

async function showList(
  checkpoint: Checkpoint,
  options: PsCommandOptions,
  io: Io,
): Promise<number> {
  const layout = options.flat === true ? "flat" : "tree";
  const list = await listProcesses(checkpoint, { reveal: options.reveal === true });
  const quiet = (): string =>
    layoutProcesses(list.items, layout)
      .map(({ row }) => `${row.pid}\n`)
      .join("");
  await printResult(
    list,
    (table) => (options.quiet === true ? quiet() : renderProcessList(list, layout, table)),
    options,
    io,
  );
  return verdict(list.problems, io);
}

async function showOne(
  checkpoint: Checkpoint,
  pid: number,
  options: PsCommandOptions,
  io: Io,
): Promise<number> {
  const found = await describeProcess(checkpoint, pid, { reveal: options.reveal === true });
  await printResult(
    found,
    (table) => (options.quiet === true ? `${found.pid}\n` : renderProcess(found, table)),
    options,
    io,
  );
  return verdict(found.problems, io);
}
