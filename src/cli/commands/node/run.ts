import { statSync } from "node:fs";
import { UsageError } from "../../../base/errors.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";

export type NodeCommandOptions = CommonOptions & { root: string };

/** Exit code 1 where the node cannot checkpoint; what cannot be told is no finding. */
export async function runNode(options: NodeCommandOptions, io: Io): Promise<number> {
  if (!isFolder(options.root)) {
    throw new UsageError({
      what: `there is no folder ${options.root}`,
      allowed: "the folder that stands for / of the node",
      next: "cryoscope node --root DIR",
    });
  }
  const { readNode } = await import("./late.ts");
  const { document, table, names } = await readNode(options.root, io.now());
  await printResult(
    document,
    (look) => (options.quiet === true ? names() : table(look)),
    options,
    io,
  );
  return document.verdicts.checkpoint.answer === "no" ? exitCodes.findings : exitCodes.fine;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Not there, below a file, or below a folder that is closed to us.
    return false;
  }
}
