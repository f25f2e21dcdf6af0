import { exactBytes, formatBytes, formatCount } from "../base/units.ts";
import type { InspectedProcess, Inspection } from "../checkpoint/inspection.ts";
import { processCommand, processState } from "./process-list-view.ts";
import { indent, narrower } from "./sections.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";
import { treePrefixes } from "./tree.ts";

/** The process tree of an inspection. */
export function renderProcesses(
  processes: readonly InspectedProcess[],
  options: TableOptions,
): string {
  if (processes.length === 0) return "";
  const depths = depthOf(processes);
  const prefixes = treePrefixes(depths.map((depth) => ({ depth })));
  const rows = processes.map((process, at) => ({ process, prefix: prefixes[at] ?? "" }));
  const columns: Column<(typeof rows)[number]>[] = [
    { title: "PID", align: "right", cell: ({ process }) => `${process.pid}` },
    { title: "PPID", align: "right", cell: ({ process }) => `${process.ppid}`, wide: true },
    { title: "STATE", cell: ({ process }) => processState(process) },
    { title: "THREADS", align: "right", cell: ({ process }) => `${process.threads.length}` },
    { title: "MEMORY", align: "right", cell: ({ process }) => memoryOf(process) },
    {
      title: "COMMAND",
      cell: ({ process, prefix }) => prefix + processCommand(process),
      flexible: true,
    },
  ];
  return indent(renderTable(rows, columns, narrower(options)));
}

function depthOf(processes: readonly InspectedProcess[]): number[] {
  const depths = new Map<number, number>();
  return processes.map(({ pid, ppid }) => {
    const parent = pid === ppid ? undefined : depths.get(ppid);
    const depth = parent === undefined ? 0 : parent + 1;
    depths.set(pid, depth);
    return depth;
  });
}

function memoryOf({ state, dumpedBytes, parentPages, lazyPages }: InspectedProcess): string {
  if (state === "zombie") return "–";
  const elsewhere = parentPages + lazyPages > 0 ? " +" : "";
  return `${formatBytes(dumpedBytes)}${elsewhere}`;
}

/** The page images, and whose they are. */
export function renderMemory({ memory, processes }: Inspection, options: TableOptions): string {
  if (memory.pageImages.length === 0) return "";
  const comms = new Map(processes.map(({ pid, comm }) => [pid, comm]));
  const columns: Column<Inspection["memory"]["pageImages"][number]>[] = [
    { title: "IMAGE", cell: (it) => it.member },
    {
      title: "OF",
      cell: (it) =>
        it.pid !== null
          ? `pid ${it.pid} ${comms.get(it.pid) ?? ""}`.trimEnd()
          : it.shmid !== null
            ? `shared memory ${it.shmid}`
            : "no page table",
    },
    { title: "PAGES", align: "right", cell: (it) => formatCount(it.pages) },
    { title: "SIZE", align: "right", cell: (it) => formatBytes(it.bytes) },
  ];
  const table = renderTable(memory.pageImages, columns, narrower(options));
  return `${indent(table)}  ${exactBytes(memory.pageBytes)} of pages in all\n`;
}
