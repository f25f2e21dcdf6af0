import { formatBytes } from "../base/units.ts";
import type { ProcessList, ProcessRow } from "../checkpoint/process-list.ts";
import { renderProblems } from "./problems.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";
import { treePrefixes } from "./tree.ts";

/** How processes are laid out: as a tree, or by pid. */
type ProcessLayout = "tree" | "flat";

/** Renders processes as `ps` does, with their problems below. */
export function renderProcessList(
  list: ProcessList,
  layout: ProcessLayout,
  options: TableOptions,
): string {
  const rows = layoutProcesses(list.items, layout);
  const problems = renderProblems(list.problems, options.style);
  const table = rows.length === 0 ? "" : renderTable(rows, columns, options);
  return table + (problems === "" ? "" : `${table === "" ? "" : "\n"}Problems\n${problems}`);
}

interface Line {
  row: ProcessRow;
  prefix: string;
}

/** The rows in the order of a layout. */
export function layoutProcesses(rows: readonly ProcessRow[], layout: ProcessLayout): Line[] {
  if (layout === "flat") {
    return rows.toSorted((a, b) => a.pid - b.pid).map((row) => ({ row, prefix: "" }));
  }
  const prefixes = treePrefixes(rows);
  return rows.map((row, at) => ({ row, prefix: prefixes[at] ?? "" }));
}

const columns: Column<Line>[] = [
  { title: "PID", align: "right", cell: ({ row }) => `${row.pid}` },
  { title: "PPID", align: "right", cell: ({ row }) => `${row.ppid}` },
  { title: "SID", align: "right", cell: ({ row }) => `${row.sid}`, wide: true },
  { title: "PGID", align: "right", cell: ({ row }) => `${row.pgid}`, wide: true },
  { title: "STATE", cell: ({ row }) => processState(row) },
  { title: "THREADS", align: "right", cell: ({ row }) => `${row.threads.length}` },
  { title: "UID", align: "right", cell: ({ row }) => `${row.uid ?? "–"}` },
  { title: "MEMORY", align: "right", cell: ({ row }) => processMemory(row) },
  { title: "EXE", cell: ({ row }) => row.exe ?? "–", wide: true },
  { title: "COMMAND", cell: ({ row, prefix }) => prefix + processCommand(row), flexible: true },
];

/** The state, with what a zombie exited with: `zombie (exit 7)`. */
export function processState(row: Pick<ProcessRow, "state" | "exitCode" | "exitSignal">): string {
  if (row.exitSignal !== null) return `${row.state} (signal ${row.exitSignal})`;
  return row.exitCode === null ? row.state : `${row.state} (exit ${row.exitCode})`;
}

export function processMemory(row: Pick<ProcessRow, "state" | "dumpedBytes">): string {
  return row.state === "zombie" ? "–" : formatBytes(row.dumpedBytes);
}

/** The command line, or `[comm]` as `ps` shows it where the arguments are not in the dump. */
export function processCommand(row: Pick<ProcessRow, "command" | "comm">): string {
  if (row.command !== null && row.command.length > 0) return row.command.join(" ");
  return `[${row.comm ?? "?"}]`;
}
