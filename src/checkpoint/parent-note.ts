import { ProblemLog } from "../base/problem.ts";
import type { CriuProcess } from "../criu/processes.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** Processes that a note names before it counts the others. */
const named = 8;

const words = { args: "command line", env: "environment" } as const;

/**
 * Notes whose command line or environment was left, in whole or in part, in the dump before this
 * one: nothing is wrong then, but what is shown is not all.
 */
export function noteParentPages(
  checkpoint: Checkpoint,
  processes: readonly CriuProcess[],
  what: keyof typeof words,
): void {
  const pids = processes.filter((process) => lacksParent(process, what)).map(({ pid }) => pid);
  if (pids.length === 0) return;
  const more = pids.length > named ? ` and ${pids.length - named} more` : "";
  const list = `${pids.slice(0, named).join(", ")}${more}`;
  const subject =
    pids.length === 1
      ? `the ${words[what]} of process ${list} lies`
      : `the ${words[what]}s of processes ${list} lie`;
  const { parent } = checkpoint;
  const remedy =
    parent === undefined
      ? "give that with --parent ARCHIVE"
      : `${parent.archive.path} does not hold the pages`;
  const problems = new ProblemLog();
  problems.add({
    severity: "note",
    code: "parent-pages",
    message: `${subject} in a parent dump: ${remedy}`,
  });
  checkpoint.tell(problems);
}

function lacksParent({ layout, space }: CriuProcess, what: keyof typeof words): boolean {
  const range = layout?.[what];
  return range !== undefined && space?.lacksParent(range.start, range.length) === true;
}
