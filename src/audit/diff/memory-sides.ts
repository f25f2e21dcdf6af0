import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { Mapping } from "../../criu/memory/mapping.ts";
import { ProcessMemory } from "../../criu/memory/process-memory.ts";
import type { DumpMemory } from "../../criu/memory/read-memory.ts";
import type { CriuProcess } from "../../criu/processes.ts";
import { isPreDump, pagePids } from "./chain.ts";

/** Behind the last address. */
export const everything = 1n << 64n;

/** A pre-dump has page tables without mappings: those of the other dump stand in for them. */
export async function memoryOf(checkpoint: Checkpoint, other: Checkpoint): Promise<DumpMemory> {
  const memory = await checkpoint.memory();
  if (!isPreDump(checkpoint)) return memory;
  const { processes } = await other.memory();
  const made = new Map<number, ProcessMemory>();
  for (const pid of pagePids(checkpoint)) {
    const own = await checkpoint.pagesOf(pid);
    const { mappings = [wholeSpace], pageSize = await checkpoint.pageSize() } =
      processes.get(pid) ?? {};
    made.set(pid, new ProcessMemory({ pid, mappings, pageSize, own, shared: memory.shared }));
  }
  return { processes: made, shared: memory.shared };
}

const wholeSpace: Mapping = {
  index: 0,
  start: 0n,
  end: everything,
  permissions: "",
  backing: "private",
  name: "",
  offset: 0n,
  shmid: undefined,
  entry: {} as Mapping["entry"],
};

/** Where the kernel laid out stack and code of each process. */
export function layoutsOf(processes: readonly CriuProcess[]): Map<number, string> {
  return new Map(
    processes.flatMap(({ pid, layout }) =>
      layout === undefined
        ? []
        : [[pid, `${layout.entry.mm_start_stack} ${layout.entry.mm_start_code}`] as const],
    ),
  );
}
