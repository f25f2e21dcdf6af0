import { UsageError } from "../../base/errors.ts";
import { listMappings } from "../../memory/mapping-list.ts";
import type { Handler } from "./handler.ts";
import { inParts } from "./in-parts.ts";

/** The mappings of one process, and the processes that have some. */
export const answerMappings: Handler<"mappings"> = async ({ path, pid }, services, call) => {
  const checkpoint = await services.checkpoints.get(path);
  const { processes: memories } = await checkpoint.memory();
  const comms = new Map((await checkpoint.processes()).map((it) => [it.pid, it.comm]));
  const processes = [...memories.keys()].map((it) => ({ pid: it, comm: comms.get(it) ?? null }));
  const chosen = pid ?? processes[0]?.pid;
  if (chosen === undefined) {
    return { processes, pid: null, at: 0, rows: [], problems: checkpoint.problems };
  }
  if (!memories.has(chosen)) {
    throw new UsageError({
      what: `the dump has no memory of a process ${chosen}`,
      allowed: processes.map((it) => it.pid).join(", "),
    });
  }
  const { items, problems } = await listMappings(checkpoint, new Set([chosen]));
  const whose = { processes, pid: chosen };
  const last = await inParts(items[0]?.mappings ?? [], problems, {
    signal: call.signal,
    part: (rows) => call.part({ ...rows, ...whose }),
  });
  return { ...last, ...whose };
};
