import { join } from "node:path";
import { apiVersion } from "../../../base/document.ts";
import { BugError } from "../../../base/errors.ts";
import { sanitize } from "../../../base/text.ts";
import { formatBytes } from "../../../base/units.ts";
import {
  type CoreFile,
  type CoreSource,
  requireMemory,
  writeCore,
} from "../../../memory/core/core-file.ts";
import { type Column, renderTable } from "../../../report/table.ts";
import { beforeFetching, memoryBytes } from "../../fetching.ts";
import type { Io } from "../../io.ts";
import { printResult } from "../../output.ts";
import { Progress } from "../../progress.ts";
import { verdict } from "../../verdict.ts";
import { type MemoryOptions, type OpenMemory, oneProcess, withMemory } from "./open.ts";

export interface CoreCommandOptions extends MemoryOptions {
  directory: string;
}

export function runCore(path: string, options: CoreCommandOptions, io: Io): Promise<number> {
  // The core is what --output-file names here, and a zombie is told from a pid that is not there.
  const { pid: pids, outputFile, ...rest } = options;
  return withMemory(path, rest, io, async (open) => {
    const source = await coreSource(open, pids);
    await beforeFetching(open.checkpoint, options, io, await memoryBytes(open.checkpoint));
    const file = outputFile ?? join(options.directory, `core.${source.process.pid}`);
    const progress = new Progress(io, "writing", options.quiet === true);
    let core: CoreFile;
    try {
      core = await writeCore(source, file, {
        partial: io.partial,
        progress: (read, total) => progress.pass({ read, total }),
      });
    } finally {
      await progress.end();
    }
    await sayProblems(core, options, io);
    await printResult(
      { apiVersion, kind: "CoreFile", ...core },
      (table) =>
        options.quiet === true ? `${sanitize(file)}\n` : renderTable([core], columns, table),
      rest,
      io,
    );
    return verdict([...core.problems, ...open.checkpoint.problems], io);
  });
}

async function coreSource(
  { checkpoint, memory }: OpenMemory,
  pids: ReadonlySet<number> | undefined,
): Promise<CoreSource> {
  const processes = await checkpoint.processes();
  const named = pids?.size === 1 ? processes.find(({ pid }) => pids.has(pid)) : undefined;
  if (named !== undefined) {
    requireMemory(named, memory.processes.get(named.pid), checkpoint.problems);
  }
  const chosen = oneProcess(memory, pids);
  const process = processes.find(({ pid }) => pid === chosen.pid);
  const folder = checkpoint.images;
  if (process === undefined || folder === undefined) {
    throw new BugError({ what: "there is memory without a process" });
  }
  return { folder, process, memory: chosen };
}

/** Warnings, and what the file lacks. The first error is said in the end, by the verdict. */
async function sayProblems(
  { problems, lostBytes }: CoreFile,
  { quiet, parent }: CoreCommandOptions,
  io: Io,
): Promise<void> {
  if (quiet === true) return;
  for (const { severity, message } of problems) {
    if (severity !== "error") await io.err.write(`cryoscope: ${sanitize(message)}\n`);
  }
  if (lostBytes === 0) return;
  const remedy = parent === undefined ? "; if they are in a parent dump: --parent ARCHIVE" : "";
  const what = `${formatBytes(lostBytes)} of memory are not in the dump, and in no PT_LOAD`;
  await io.err.write(`cryoscope: ${what}${remedy}\n`);
}

const columns: Column<CoreFile>[] = [
  { title: "PID", align: "right", cell: ({ pid }) => `${pid}` },
  { title: "ARCH", cell: ({ architecture }) => architecture },
  { title: "THREADS", align: "right", cell: ({ threads }) => `${threads}` },
  { title: "SIZE", align: "right", cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
  { title: "WRITTEN", align: "right", cell: ({ writtenBytes }) => formatBytes(writtenBytes) },
  {
    title: "IN FILES",
    align: "right",
    cell: ({ elsewhereBytes }) => formatBytes(elsewhereBytes),
  },
  { title: "FILE", cell: ({ file }) => file, flexible: true },
];
