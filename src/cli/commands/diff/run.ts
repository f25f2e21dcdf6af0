import {
  type CheckpointDiff,
  type DiffSection,
  diffSections,
} from "../../../audit/diff/checkpoint-diff.ts";
import { diffCheckpoints } from "../../../audit/diff/diff.ts";
import { UsageError } from "../../../base/errors.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { quietDiff, renderDiff } from "../../../report/diff-view.ts";
import { exitCodes } from "../../exit-codes.ts";
import { beforeFetching } from "../../fetching.ts";
import type { Io } from "../../io.ts";
import { openTarget, withTarget } from "../../open-target.ts";
import type { CommonOptions, ParentOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { Progress } from "../../progress.ts";
import { verdict } from "../../verdict.ts";

export interface DiffCommandOptions extends CommonOptions, ParentOptions {
  show?: string;
  pages?: boolean;
  secrets?: boolean;
  findings: boolean;
  pid?: number;
}

/** @returns 1 where the two differ, 0 where they do not. */
export function runDiff(
  before: string,
  after: string,
  options: DiffCommandOptions,
  io: Io,
): Promise<number> {
  const sections = chosenSections(options).filter(
    (section) => section !== "findings" || options.findings,
  );
  if ([before, after, ...(options.parent ?? [])].filter((path) => path === "-").length > 1) {
    throw new UsageError({
      what: "only one of the archives can come from standard input",
      next: "name a file for the other",
    });
  }
  return withTarget(before, options, io, async (first) => {
    const second = await openTarget(after, options, io);
    try {
      if (options.pages === true || options.secrets === true) {
        for (const each of [first, second]) await beforeFetching(each, options, io);
      }
      const diff = await compare(first, second, sections, options, io);
      await printResult(
        diff,
        (table) => (options.quiet === true ? quietDiff(diff) : renderDiff(diff, table)),
        options,
        io,
      );
      await warnOfStrangers(diff, options, io);
      const code = await verdict(diff.problems, io);
      return code === exitCodes.fine && diff.different ? exitCodes.findings : code;
    } finally {
      await second.close();
    }
  });
}

async function compare(
  first: Checkpoint,
  second: Checkpoint,
  sections: readonly DiffSection[],
  options: DiffCommandOptions,
  io: Io,
): Promise<CheckpointDiff> {
  const progress = new Progress(io, "comparing pages", options.quiet === true);
  let read = 0;
  try {
    return await diffCheckpoints(first, second, {
      sections,
      pages: options.pages === true,
      secrets: options.secrets === true,
      now: io.now(),
      reveal: options.reveal === true,
      ...(options.pid === undefined ? {} : { pid: options.pid }),
      progress: (bytes) => {
        read += bytes;
        progress.pass({ read, total: undefined });
      },
    });
  } finally {
    await progress.end();
  }
}

async function warnOfStrangers(
  { sameContainer }: CheckpointDiff,
  { quiet }: DiffCommandOptions,
  io: Io,
): Promise<void> {
  if (sameContainer !== false || quiet === true) return;
  await io.err.write("cryoscope: warning: these are checkpoints of different containers\n");
}

/** Those that say something of one process. */
const ofProcess: readonly DiffSection[] = [
  "processes",
  "environment",
  "descriptors",
  "sockets",
  "memory",
];

function chosenSections({ show, pid }: DiffCommandOptions): readonly DiffSection[] {
  if (show === undefined) return pid === undefined ? diffSections : ofProcess;
  return show.split(",").map((word) => {
    const name = word.trim();
    const section = diffSections.find((known) => known === name);
    if (section !== undefined) return section;
    throw new UsageError({
      what: `there is no section ${JSON.stringify(name)}`,
      allowed: diffSections.join(", "),
      next: "cryoscope diff --help",
    });
  });
}
