import type { Command } from "commander";
import { sanitize } from "../../../base/text.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { type Candidate, directives, sourceFor } from "./candidates.ts";
import { type Position, positionIn } from "./position.ts";

/** Whoever presses Tab waits no longer than this for a cluster, in milliseconds. */
const patience = 2000;

/**
 * Answers what a shell asks at Tab, as cobra's programs do: candidates, one a line, each with a tab and
 * what it is; last a colon and a directive. Whatever fails, nothing is offered and nothing is said.
 * @param words up to the cursor; the last may be empty.
 */
export async function runComplete(
  words: readonly string[],
  program: Command,
  io: Io,
): Promise<number> {
  const position = positionIn(program, words);
  const source = sourceFor(position);
  let found: Candidate[] = [];
  if ("words" in source) found = source.words;
  else if ("names" in source) found = await namesWithin(patience, position, source.names, io);
  const fitting = found.filter(({ word }) => word.startsWith(position.begun));
  const directive = "directive" in source ? source.directive : directiveFor(fitting);
  const lines = fitting.map(({ word, about = "" }) => {
    const [text = ""] = about.split("\n");
    return about === "" ? sanitize(word) : `${sanitize(word)}\t${sanitize(text)}`;
  });
  await io.out.write([...lines, `:${directive}`, ""].join("\n"));
  return exitCodes.fine;
}

/** Behind a namespace comes a pod, so no space. */
function directiveFor(found: readonly Candidate[]): number {
  const open = found.length > 0 && found.every(({ word }) => word.endsWith("/"));
  return open ? directives.noFiles + directives.noSpace : directives.noFiles;
}

async function namesWithin(
  milliseconds: number,
  position: Position,
  kind: Parameters<typeof import("./cluster-names.ts").clusterNames>[0],
  io: Io,
): Promise<Candidate[]> {
  const limit = new AbortController();
  let cancel = () => {};
  const late = new Promise<Candidate[]>((resolve) => {
    cancel = io.timer(milliseconds, () => {
      limit.abort();
      resolve([]);
    });
  });
  try {
    const { clusterNames } = await import("./cluster-names.ts");
    return await Promise.race([clusterNames(kind, position, io, limit.signal), late]);
  } catch {
    // An error in the middle of a command line that is being typed helps nobody.
    return [];
  } finally {
    cancel();
  }
}
