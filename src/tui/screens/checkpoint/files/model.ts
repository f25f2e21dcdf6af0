import { formatBytes, formatCount } from "../../../../base/units.ts";
import type { Column, ListModel } from "../../../state/list.ts";
import type { FileRow } from "../../../state/rows.ts";
import { type Span, span } from "../../../view/line.ts";

const pid: Column<FileRow> = {
  title: "PID",
  align: "right",
  cell: (row) => {
    const first = `${row.pid ?? "–"}`;
    return row.sharing === 0 ? first : `${first} +${row.sharing}`;
  },
  sort: { key: "P", by: (row) => row.pid ?? Number.MAX_SAFE_INTEGER },
};

/** What is open without a number comes before the descriptors. */
const fdOrder = ({ fd }: FileRow): number => (typeof fd === "number" ? fd : -1);

function name(row: FileRow): Span[] {
  if (row.fileId === null) return [span(`✗ ${row.name}`, "danger")];
  return row.deleted ? [span("! ", "warning"), { text: row.name }] : [{ text: row.name }];
}

const rest: readonly Column<FileRow>[] = [
  { title: "FD", align: "right", cell: ({ fd }) => `${fd}`, sort: { key: "F", by: fdOrder } },
  { title: "KIND", cell: ({ kind }) => kind, drop: 5, sort: { key: "K", by: ({ kind }) => kind } },
  { title: "ACCESS", cell: ({ access }) => access, drop: 3 },
  {
    title: "SIZE",
    align: "right",
    cell: ({ sizeBytes }) => (sizeBytes === null ? "" : formatBytes(sizeBytes)),
    drop: 2,
    sort: { key: "Z", by: ({ sizeBytes }) => -(sizeBytes ?? -1) },
  },
  {
    title: "POSITION",
    align: "right",
    cell: ({ position }) => (position === null ? "" : formatCount(position)),
    wide: true,
  },
  {
    title: "WAITING",
    align: "right",
    cell: ({ waitingBytes }) =>
      waitingBytes === 0 ? "" : [span(formatBytes(waitingBytes), "accent")],
    drop: 4,
    sort: { key: "W", by: ({ waitingBytes }) => -waitingBytes },
  },
  {
    title: "NAME",
    cell: name,
    flexible: true,
    least: 28,
    share: 2,
    path: true,
    sort: { key: "A", by: (row) => row.name },
  },
  {
    title: "NOTE",
    cell: ({ note, deleted }) => [span(note, deleted ? "warning" : "dim")],
    flexible: true,
    least: 14,
    drop: 1,
    sort: { key: "D", by: ({ note, deleted }) => `${deleted ? 0 : 1}${note}` },
  },
  { title: "MODE", cell: ({ mode }) => mode, wide: true },
  { title: "MOUNT", cell: ({ mount }) => mount, wide: true },
  {
    title: "FLAGS",
    cell: ({ flags, closeOnExec }) =>
      [flags, closeOnExec ? "close-on-exec" : ""].filter((it) => it !== "").join(","),
    wide: true,
  },
  { title: "FILE", align: "right", cell: ({ fileId }) => `${fileId ?? "–"}`, wide: true },
];

const shared = {
  id: ({ id }: FileRow) => id,
  text: (row: FileRow) =>
    `${row.pid ?? ""} ${row.fd} ${row.kind} ${row.type} ${row.access} ${row.name} ${row.note}`,
};

/** Files of all processes. */
export const fileModel: ListModel<FileRow> = { ...shared, columns: [pid, ...rest] };

/** Files of one process. */
export const descriptorModel: ListModel<FileRow> = { ...shared, columns: rest };
