import { UsageError } from "../../../base/errors.ts";
import { formatCount } from "../../../base/units.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import type { ProcessMemory } from "../../../criu/memory/process-memory.ts";
import type { DumpMemory } from "../../../criu/memory/read-memory.ts";
import { pagesElsewhere } from "../../../memory/extents.ts";
import type { Io } from "../../io.ts";
import { withTarget } from "../../open-target.ts";
import type { CommonOptions, ParentOptions } from "../../options.ts";

/** Options of every `memory` command. */
export interface MemoryOptions extends CommonOptions, ParentOptions {
  pid?: ReadonlySet<number>;
}

export interface OpenMemory {
  checkpoint: Checkpoint;
  memory: DumpMemory;
}

/** Opens an archive, and its parent where one is named, and runs `work` on its memory. */
export function withMemory(
  path: string,
  options: MemoryOptions,
  io: Io,
  work: (open: OpenMemory) => Promise<number>,
): Promise<number> {
  return withTarget(path, options, io, async (checkpoint) => {
    const memory = await checkpoint.memory();
    for (const pid of options.pid ?? []) requireProcess(memory, pid);
    return work({ checkpoint, memory });
  });
}

/** Says on stderr how much of the memory a search could not look at. */
export async function noteElsewhere(
  { memory }: OpenMemory,
  { pid, quiet }: MemoryOptions,
  io: Io,
): Promise<void> {
  if (quiet === true) return;
  const { parent, lazy } = pagesElsewhere(memory, pid);
  if (parent > 0) {
    const pages = `${formatCount(parent)} pages lie in a parent dump and were not searched`;
    await io.err.write(`cryoscope: ${pages}; give it with --parent ARCHIVE\n`);
  }
  if (lazy > 0) {
    const pages = `${formatCount(lazy)} pages were left for lazy restore and are not here`;
    await io.err.write(`cryoscope: ${pages}\n`);
  }
}

/** @throws UsageError for a process that has no memory here. */
function requireProcess(memory: DumpMemory, pid: number): ProcessMemory {
  const process = memory.processes.get(pid);
  if (process !== undefined) return process;
  throw new UsageError({
    what: `there is no memory of a process ${pid} in the archive`,
    allowed: `pid ${[...memory.processes.keys()].join(", ") || "none"}`,
  });
}

/** The one process that a command is about: the only one, or the one that --pid names. */
export function oneProcess(
  memory: DumpMemory,
  pids: ReadonlySet<number> | undefined,
): ProcessMemory {
  const chosen = [...(pids ?? memory.processes.keys())];
  const only = chosen[0];
  if (chosen.length === 1 && only !== undefined) return requireProcess(memory, only);
  throw new UsageError({
    what: "this is about one process",
    found: `${chosen.length} processes`,
    allowed: `--pid with one of ${[...memory.processes.keys()].join(", ")}`,
  });
}
