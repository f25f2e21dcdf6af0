import { formatBytes } from "../../../../base/units.ts";
import type { ProcessRow } from "../../../../checkpoint/process-list.ts";
import { processCommand, processState } from "../../../../report/process-list-view.ts";
import type { ListModel } from "../../../state/list.ts";
import { bar } from "../../../view/bar.ts";
import { fitted, type Span, span } from "../../../view/line.ts";
import { type Branch, branches, foldedNote } from "../../tree.ts";

/** A process in the tree, with its share of the memory of the greatest. */
export interface ProcessBranch extends Branch<ProcessRow> {
  share: number;
}

const idOf = ({ pid }: ProcessRow): string => `${pid}`;

export function processRows(
  items: readonly ProcessRow[],
  folded: ReadonlySet<string>,
  flat: boolean,
): ProcessBranch[] {
  const most = items.reduce((max, { dumpedBytes }) => Math.max(max, dumpedBytes), 1);
  const row = (item: ProcessRow): ProcessBranch => ({
    item,
    prefix: "",
    hidden: 0,
    share: item.dumpedBytes / most,
  });
  return branches(items, { id: idOf, row }, folded, flat);
}

const barColumns = 10;

function memory({ item, share }: ProcessBranch): Span[] {
  if (item.state === "zombie") return [span(fitted("–", barColumns + 11, "right"), "dim")];
  return [
    span(fitted(bar(share, barColumns), barColumns), "accent"),
    { text: fitted(formatBytes(item.dumpedBytes), 11, "right") },
  ];
}

function state({ item }: ProcessBranch): Span[] {
  const text = processState(item);
  return [item.state === "alive" ? { text } : span(`! ${text}`, "warning")];
}

/** Linux keeps so many bytes of a name. */
const longestName = 15;

/** Its name where it is not that of its program: of a worker, or of who renamed itself. */
function ownName(comm: string | null, [program = ""]: readonly string[]): string {
  const known = program.split("/").at(-1)?.slice(0, longestName);
  return comm === null || comm === known ? "" : `(${comm}) `;
}

function command(row: ProcessBranch): Span[] {
  const { command: words, comm } = row.item;
  const gone = words === null || words.length === 0;
  return [
    span(row.prefix, "dim"),
    span(gone ? "" : ownName(comm, words), "dim"),
    gone ? span(processCommand(row.item), "dim") : { text: processCommand(row.item) },
    span(foldedNote(row), "accent"),
  ];
}

export const processModel: ListModel<ProcessBranch> = {
  id: ({ item }) => idOf(item),
  text: ({ item }) =>
    `${item.pid} ${processState(item)} ${item.comm ?? ""} ${processCommand(item)} ${item.exe ?? ""}`,
  columns: [
    {
      title: "PID",
      align: "right",
      cell: ({ item }) => `${item.pid}`,
      sort: { key: "P", by: ({ item }) => item.pid },
    },
    { title: "PPID", align: "right", cell: ({ item }) => `${item.ppid}`, wide: true },
    { title: "SID", align: "right", cell: ({ item }) => `${item.sid}`, wide: true },
    { title: "PGID", align: "right", cell: ({ item }) => `${item.pgid}`, wide: true },
    {
      title: "STATE",
      cell: state,
      flexible: true,
      sort: { key: "S", by: ({ item }) => processState(item) },
    },
    {
      title: "THREADS",
      align: "right",
      cell: ({ item }) => `${item.threads.length}`,
      drop: 2,
      sort: { key: "T", by: ({ item }) => -item.threads.length },
    },
    {
      title: "UID",
      align: "right",
      cell: ({ item }) => `${item.uid ?? "–"}`,
      drop: 3,
      sort: { key: "U", by: ({ item }) => item.uid ?? -1 },
    },
    {
      title: "MEMORY",
      cell: memory,
      drop: 1,
      sort: { key: "M", by: ({ item }) => -item.dumpedBytes },
    },
    { title: "EXE", cell: ({ item }) => item.exe ?? "–", wide: true, path: true },
    {
      title: "COMMAND",
      cell: command,
      flexible: true,
      least: 16,
      sort: { key: "C", by: ({ item }) => processCommand(item) },
    },
  ],
};
