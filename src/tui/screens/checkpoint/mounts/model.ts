import type { MountItem } from "../../../../checkpoint/mount-list.ts";
import { outside, shortFlags } from "../../../../report/mount-view.ts";
import type { ListModel } from "../../../state/list.ts";
import { type Span, span } from "../../../view/line.ts";
import { type Branch, branches, foldedNote } from "../../tree.ts";

export interface MountBranch extends Branch<MountItem> {
  /** Names the namespace at the root of each, where there are several. */
  note: string;
}

const idOf = ({ namespaceId, id }: MountItem): string => `${namespaceId} ${id}`;

export function mountRows(
  items: readonly MountItem[],
  folded: ReadonlySet<string>,
  flat: boolean,
): MountBranch[] {
  const several = items.some(({ namespaceId }) => namespaceId !== items[0]?.namespaceId);
  const row = (item: MountItem): MountBranch => ({
    item,
    prefix: "",
    hidden: 0,
    note: several && item.depth === 0 ? `  namespace ${item.namespaceId}` : "",
  });
  return branches(items, { id: idOf, row }, folded, flat);
}

function mountpoint(row: MountBranch): Span[] {
  return [
    span(row.prefix, "dim"),
    { text: row.item.mountpoint },
    span(row.note, "dim"),
    span(foldedNote(row), "accent"),
  ];
}

export const mountModel: ListModel<MountBranch> = {
  id: ({ item }) => idOf(item),
  text: ({ item }) =>
    `${item.mountpoint} ${item.fstype} ${item.source} ${shortFlags(item.flags)} ${item.options} ${outside(item)}`,
  columns: [
    {
      title: "MOUNTPOINT",
      cell: mountpoint,
      flexible: true,
      least: 30,
      share: 2,
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
      cell: ({ item }) => shortFlags(item.flags),
      flexible: true,
      least: 14,
      drop: 2,
      sort: { key: "O", by: ({ item }) => shortFlags(item.flags) },
    },
    {
      title: "OUTSIDE",
      cell: ({ item }) => outside(item),
      flexible: true,
      path: true,
      least: 14,
      drop: 1,
      sort: { key: "U", by: ({ item }) => outside(item) },
    },
    { title: "NAMESPACE", align: "right", cell: ({ item }) => `${item.namespaceId}`, wide: true },
    { title: "ID", align: "right", cell: ({ item }) => `${item.id}`, wide: true },
    { title: "DEVICE", cell: ({ item }) => item.device, wide: true },
    { title: "ROOT", cell: ({ item }) => item.root, wide: true, path: true },
    { title: "OWN OPTIONS", cell: ({ item }) => item.options, wide: true },
  ],
};
