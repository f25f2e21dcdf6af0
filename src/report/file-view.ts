import { sanitize } from "../base/text.ts";
import { formatBytes, formatCount } from "../base/units.ts";
import type { FileItem } from "../checkpoint/file-item.ts";
import type { FileList, LockDocument, TableDocument } from "../checkpoint/file-list.ts";
import { fileNote } from "./file-note.ts";
import { renderQueues, waiting } from "./queue-view.ts";
import { indent, narrower, renderSections, type Section } from "./sections.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

interface Row {
  pids: string;
  pid: number;
  fd: string;
  /** Undefined where the descriptor names no file. */
  file: FileItem | undefined;
  kind: string;
  closeOnExec: boolean;
}

/** Renders descriptors by process, after its program, folders and (wide) mapped files. */
export function renderFiles(list: FileList, options: TableOptions): string {
  const rows = fileRows(list, options.wide);
  const sections: Section[] = [
    { title: "Locks", body: renderLocks(list.locks, options) },
    { title: "Waiting bytes", body: renderWaiting(list, options) },
  ];
  const rest = renderSections(sections, list.problems, options);
  return renderTable(rows, columns, options) + (rest === "" ? "" : `\n${rest}`);
}

/** Each name once, in the order in which they come. */
function fileNames({ items }: FileList): string[] {
  return [...new Set(items.map(({ name }) => name))];
}

function fileRows({ tables, items }: FileList, wide: boolean): Row[] {
  const key = (kind: string, id: number): string => `${kind} ${id}`;
  const files = new Map(items.map((file) => [key(file.kind, file.id), file]));
  const uses = usesByPid(items, wide);
  const rows: Row[] = [];
  for (const { pids, descriptors } of tables) {
    for (const pid of pids) {
      rows.push(...(uses.get(pid) ?? []));
      uses.delete(pid);
    }
    for (const { fd, kind, fileId, closeOnExec } of descriptors) {
      const file = files.get(key(kind, fileId));
      const pid = pids[0] ?? 0;
      rows.push({ pids: sharing(pids), pid, fd: `${fd}`, file, kind, closeOnExec });
    }
  }
  for (const rest of uses.values()) rows.push(...rest);
  return rows;
}

/** Processes that share a table: the first, and how many there are beside it. */
function sharing(pids: TableDocument["pids"]): string {
  return pids.length > 1 ? `${pids[0]} +${pids.length - 1}` : `${pids[0] ?? "–"}`;
}

const useOrder = ["exe", "cwd", "root", "map", "in-flight"];

function usesByPid(items: readonly FileItem[], wide: boolean): Map<number, Row[]> {
  const uses = new Map<number, Row[]>();
  for (const file of items) {
    for (const { pid, as } of file.uses) {
      if (as === "map" && !wide) continue;
      const rows = uses.get(pid) ?? [];
      uses.set(pid, rows);
      rows.push({ pids: `${pid}`, pid, fd: as, file, kind: file.kind, closeOnExec: false });
    }
  }
  for (const rows of uses.values()) {
    rows.sort((a, b) => useOrder.indexOf(a.fd) - useOrder.indexOf(b.fd));
  }
  return uses;
}

const columns: Column<Row>[] = [
  { title: "PID", align: "right", cell: ({ pids }) => pids },
  { title: "FD", align: "right", cell: ({ fd }) => fd },
  { title: "KIND", cell: ({ kind }) => kind },
  { title: "ACCESS", cell: ({ file, fd }) => (/^\d/.test(fd) ? (file?.access ?? "") : "") },
  {
    title: "SIZE",
    align: "right",
    cell: ({ file }) => (file?.sizeBytes == null ? "" : formatBytes(file.sizeBytes)),
  },
  {
    title: "POSITION",
    align: "right",
    wide: true,
    cell: ({ file }) => (file?.position == null ? "" : formatCount(file.position)),
  },
  { title: "WAITING", align: "right", cell: ({ file }) => waiting(file?.queues ?? []) },
  { title: "NAME", cell: ({ file }) => file?.name ?? "? no such file", flexible: "middle" },
  { title: "NOTE", cell: ({ file }) => (file === undefined ? "" : fileNote(file)), flexible: true },
  {
    title: "MOUNT",
    wide: true,
    cell: ({ file }) =>
      file?.mount == null ? "" : `${file.mount.fstype} ${file.mount.mountpoint}`,
  },
  {
    title: "FLAGS",
    wide: true,
    cell: ({ file, closeOnExec }) =>
      [...(file?.flags ?? []), ...(closeOnExec ? ["close-on-exec"] : [])].join(","),
  },
  { title: "FILE", align: "right", wide: true, cell: ({ file }) => `${file?.id ?? ""}` },
];

function renderLocks(locks: readonly LockDocument[], options: TableOptions): string {
  if (locks.length === 0) return "";
  const lockColumns: Column<LockDocument>[] = [
    { title: "PID", align: "right", cell: ({ pid }) => `${pid}` },
    { title: "FD", align: "right", cell: ({ fd }) => `${fd}` },
    { title: "LOCK", cell: ({ kind }) => kind },
    { title: "ACCESS", cell: ({ access, breaking }) => `${access}${breaking ? ", breaking" : ""}` },
    { title: "BYTES", cell: lockRange },
    { title: "NAME", cell: ({ name }) => name ?? "? no such file", flexible: "middle" },
  ];
  return indent(renderTable(locks, lockColumns, narrower(options)));
}

function lockRange({ kind, start, length }: LockDocument): string {
  if (kind === "flock" || kind === "lease") return "all";
  if (start === null || length === null) return "?";
  if (length === 0) return start === 0 ? "all" : `from ${formatCount(start)}`;
  return `${formatCount(start)}–${formatCount(start + length - 1)}`;
}

function renderWaiting({ items }: FileList, options: TableOptions): string {
  const queues = items.flatMap((file) => {
    const holder = file.holders[0];
    const owner = holder === undefined ? file.name : `${holder.pid}/${holder.fd} ${file.name}`;
    return file.queues.map((queue) => ({ owner, queue }));
  });
  return indent(renderQueues(queues, narrower(options)));
}

/** Lines of `-q`. */
export function quietFiles(list: FileList): string {
  return fileNames(list)
    .map((name) => `${sanitize(name)}\n`)
    .join("");
}
