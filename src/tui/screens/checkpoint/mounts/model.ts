import type { MountItem } from "../../../../checkpoint/mount-list.ts";
import type { ListModel } from "../../../state/list.ts";
import { type Span, span } from "../../../view/line.ts";
import { type Branch, branches, foldedNote } from "../../tree.ts";

export type MountBranch = Branch<MountItem>;

const idOf = ({ namespaceId, id }: MountItem): string => `${namespaceId} ${id}`;

export function mountRows(
  items: readonly MountItem[],
  folded: ReadonlySet<string>,
  flat: boolean,
): MountBranch[] {
  const row = (item: MountItem): MountBranch => ({ item, prefix: "", hidden: 0 });
  return branches(items, { id: idOf, row }, folded, flat);
}

/** As `mount(8)` writes them: `MS_NOSUID` is `nosuid`, and what is not read-only is `rw`. */
export function mountOptions({ flags }: Pick<MountItem, "flags">): string {
  const words = flags.map((flag) => flag.replace(/^MS_/, "").toLowerCase());
  const readonly = words.includes("rdonly");
  return [readonly ? "ro" : "rw", ...words.filter((word) => word !== "rdonly")].join(",");
}

/** What comes from outside, by the key under which the runtime gives it back on restore. */
export function outsideOf({ externalKey, external, deleted, withPlugin }: MountItem): string {
  const notes = [externalKey ?? (external ? "yes" : "")];
  if (deleted) notes.push("mountpoint deleted");
  if (withPlugin) notes.push("by a plugin");
  return notes.filter((note) => note !== "").join(", ");
}

function mountpoint(row: MountBranch): Span[] {
  return [span(row.prefix, "dim"), { text: row.item.mountpoint }, span(foldedNote(row), "accent")];
}

export const mountModel: ListModel<MountBranch> = {
  id: ({ item }) => idOf(item),
  text: ({ item }) =>
    `${item.mountpoint} ${item.fstype} ${item.source} ${mountOptions(item)} ${item.options} ${outsideOf(item)}`,
  columns: [
    {
      title: "MOUNTPOINT",
      cell: mountpoint,
      flexible: true,
      least: 30,
      path: true,
      sort: { key: "P", by: ({ item }) => item.mountpoint },
    },
    {
      title: "TYPE",
      cell: ({ item }) => item.fstype,
      sort: { key: "T", by: ({ item }) => item.fstype },
    },
    {
      title: "SOURCE",
      cell: ({ item }) => item.source,
      flexible: true,
      path: true,
      drop: 3,
      sort: { key: "S", by: ({ item }) => item.source },
    },
    {
      title: "OPTIONS",
      cell: ({ item }) => mountOptions(item),
      flexible: true,
      least: 14,
      drop: 2,
      sort: { key: "O", by: ({ item }) => mountOptions(item) },
    },
    {
      title: "OUTSIDE",
      cell: ({ item }) => outsideOf(item),
      flexible: true,
      path: true,
      least: 14,
      drop: 1,
      sort: { key: "U", by: ({ item }) => outsideOf(item) },
    },
    { title: "NAMESPACE", align: "right", cell: ({ item }) => `${item.namespaceId}`, wide: true },
    { title: "ID", align: "right", cell: ({ item }) => `${item.id}`, wide: true },
    { title: "DEVICE", cell: ({ item }) => item.device, wide: true },
    { title: "ROOT", cell: ({ item }) => item.root, wide: true, path: true },
    { title: "OWN OPTIONS", cell: ({ item }) => item.options, wide: true },
  ],
};
