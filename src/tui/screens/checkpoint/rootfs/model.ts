import { formatBytes } from "../../../../base/units.ts";
import type { ListModel } from "../../../state/list.ts";
import type { RootfsRow } from "../../../state/member-rows.ts";
import { type Role, type Span, span } from "../../../view/line.ts";
import { type Branch, branches, foldedNote } from "../../tree.ts";

export type RootfsBranch = Branch<RootfsRow>;

const idOf = ({ id }: RootfsRow): string => id;

export function rootfsRows(
  items: readonly RootfsRow[],
  folded: ReadonlySet<string>,
  flat: boolean,
): RootfsBranch[] {
  const row = (item: RootfsRow): RootfsBranch => ({ item, prefix: "", hidden: 0 });
  return branches(items, { id: idOf, row }, folded, flat);
}

const roles: Readonly<Partial<Record<RootfsRow["state"], Role>>> = {
  root: "strong",
  folder: "dim",
  deleted: "danger",
};

function name(row: RootfsBranch): Span[] {
  const { name: text, path, state, linkName, depth } = row.item;
  const role = roles[state];
  // In a filtered list nothing shows what a name is below.
  const shown = row.prefix === "" && depth > 1 ? path : text;
  const link = linkName === "" ? [] : [span(` → ${linkName}`, "dim")];
  return [
    span(row.prefix, "dim"),
    role === undefined ? { text: shown } : span(shown, role),
    ...link,
    span(foldedNote(row), "accent"),
  ];
}

/** A sign and a word for what happened to it. */
function change({ item: { state } }: RootfsBranch): Span[] {
  if (state === "deleted") return [span("✗ deleted", "danger")];
  if (state === "saved") return [span("· saved", "dim")];
  return state === "changed" ? [span("+ changed", "good")] : [{ text: "" }];
}

export const rootfsModel: ListModel<RootfsBranch> = {
  id: ({ item }) => idOf(item),
  text: ({ item }) => `${item.path} ${item.state} ${item.type ?? ""} ${item.linkName}`,
  whole: ({ item }) => (item.state === "note" ? [span(`· ${item.name}`, "dim")] : undefined),
  columns: [
    { title: "CHANGE", cell: change, sort: { key: "C", by: ({ item }) => item.state } },
    { title: "MODE", cell: ({ item }) => item.mode, drop: 2 },
    { title: "OWNER", cell: ({ item }) => item.owner, wide: true },
    { title: "TYPE", cell: ({ item }) => item.type ?? "", drop: 1 },
    {
      title: "SIZE",
      align: "right",
      cell: ({ item }) => (item.state === "deleted" ? "" : formatBytes(item.sizeBytes)),
      sort: { key: "Z", by: ({ item }) => -item.sizeBytes },
    },
    {
      title: "NAME",
      cell: name,
      flexible: true,
      least: 28,
      path: true,
      sort: { key: "A", by: ({ item }) => item.path },
    },
  ],
};
