import type { Problem } from "../base/problem.ts";
import { sanitize } from "../base/text.ts";
import { renderPlace } from "../report/problems.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/**
 * The exit code for an archive that could be read with problems: errors give 3, after all that
 * could be read was shown. The first error is said on stderr, so that it is not lost in a pipe.
 */
export async function verdict(problems: readonly Problem[], io: Io): Promise<number> {
  const errors = problems.filter(({ severity }) => severity === "error");
  const first = errors[0];
  if (first === undefined) return exitCodes.fine;
  const place = renderPlace(first.where);
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const where = place === "" ? "" : ` [${sanitize(place)}]`;
  await io.err.write(`cryoscope: ${sanitize(first.message)}${where}${more}\n`);
  return exitCodes.archive;
}
