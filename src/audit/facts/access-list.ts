import { lstatSync, realpathSync } from "node:fs";
import { dirname } from "node:path";
import type { Placed } from "./place.ts";

const patience = { timeout: 5_000, maxBuffer: 64 * 1024 } as const;

/**
 * Which of these have an access list besides their mode. Node cannot read extended attributes, and
 * the `ls` of GNU marks them with a `+`; another `ls`, or none that root alone can change, says
 * nothing, and then nothing is told.
 */
export async function withAccessList(paths: readonly Placed[]): Promise<readonly Placed[]> {
  if (paths.length === 0 || !isRootsOwn("/bin/ls")) return [];
  const marked = await Promise.all(paths.map(hasMark));
  return paths.filter((_, at) => marked[at]);
}

/** Answers by path and by the time at which its rights were changed last. */
const answers = new Map<string, Promise<boolean>>();
/** The same folders stand above all archives of an audit; archives differ. */
const mostAnswers = 1000;

function hasMark({ path, stats }: Placed): Promise<boolean> {
  const key = `${stats.dev} ${stats.ino} ${stats.ctimeMs} ${path}`;
  const known = answers.get(key);
  if (known !== undefined) return known;
  if (answers.size >= mostAnswers) answers.clear();
  const asked = askMark(path);
  answers.set(key, asked);
  return asked;
}

async function askMark(path: string): Promise<boolean> {
  const { execFile } = await import("node:child_process");
  return new Promise((resolve) => {
    const options = { ...patience, env: { LC_ALL: "C" } };
    execFile("/bin/ls", ["-ldn", "--", path], options, (error, stdout) =>
      resolve(error === null && isMarked(stdout)),
    );
  });
}

/** `-rw-r-----+ 1 0 0 …`: ten characters of type and mode, then the mark. */
export function isMarked(line: string): boolean {
  return /^[-dlpscb][-rwxsStT]{9}\+/.test(line);
}

/** We may be root: a program that others can change is not run. */
function isRootsOwn(program: string): boolean {
  try {
    for (let path = realpathSync(program); ; path = dirname(path)) {
      const { uid, mode } = lstatSync(path);
      if (uid !== 0 || (mode & 0o022) !== 0) return false;
      if (path === dirname(path)) return true;
    }
  } catch {
    return false;
  }
}
