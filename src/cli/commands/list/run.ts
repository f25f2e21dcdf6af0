import { shownName } from "../../../base/remote-name.ts";
import { sanitize } from "../../../base/text.ts";
import { findArchives } from "../../../checkpoint/find-archives.ts";
import { checkpointList, type Summary, summarize } from "../../../checkpoint/summary.ts";
import { renderList } from "../../../report/list-view.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { checkpointOptions } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { Progress } from "../../progress.ts";

export async function runList(
  paths: readonly string[],
  options: CommonOptions,
  io: Io,
): Promise<number> {
  const archives = await findArchives(paths);
  const items: Summary[] = [];
  const progress = new Progress(io, "", options.quiet === true);
  for (const path of archives) {
    progress.label(`reading ${sanitize(shownName(path))}`);
    items.push(
      await summarize(path, { ...checkpointOptions(options, io), progress: progress.pass }),
    );
  }
  await progress.end();
  await printResult(
    checkpointList(items),
    (table) => {
      if (options.quiet === true) return items.map(({ path }) => `${sanitize(path)}\n`).join("");
      return renderList(items, io.now(), table);
    },
    options,
    io,
  );
  const forPeople = options.output === "table" || options.output === "wide";
  if (items.length === 0 && forPeople && options.quiet !== true) {
    await io.err.write(`No checkpoints in ${sanitize(paths.map(shownName).join(", "))}\n`);
  }
  // An archive that the gate keeps shut is an answer; one that cannot be read is a failure.
  if (items.some(({ fault }) => fault?.kind === "remote")) return exitCodes.remote;
  const broken = items.some(({ fault }) => fault?.kind === "broken");
  return broken ? exitCodes.archive : exitCodes.fine;
}
