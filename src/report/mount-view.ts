import { sanitize } from "../base/text.ts";
import type { MountItem, MountList } from "../checkpoint/mount-list.ts";
import { renderSections } from "./sections.ts";
import { plainStyle } from "./style.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";
import { treePrefixes } from "./tree.ts";

interface Row {
  mount: MountItem;
  prefix: string;
}

/** Renders each mount namespace as a tree. */
export function renderMounts(list: MountList, options: TableOptions): string {
  const style = options.style ?? plainStyle;
  const groups = new Map<number, MountItem[]>();
  for (const mount of list.items) {
    const group = groups.get(mount.namespaceId) ?? [];
    group.push(mount);
    groups.set(mount.namespaceId, group);
  }
  const pids = new Map(list.namespaces.map((namespace) => [namespace.id, namespace.pids]));
  const blocks = [...groups].map(([id, mounts]) => {
    const prefixes = treePrefixes(mounts);
    const rows = mounts.map((mount, at) => ({ mount, prefix: prefixes[at] ?? "" }));
    const table = renderTable(rows, columns, options);
    if (groups.size < 2) return table;
    const shown = (pids.get(id) ?? []).slice(0, 8).join(", ");
    return `${style.bold(`Namespace ${id}${shown === "" ? "" : `, processes ${shown}`}`)}\n${table}`;
  });
  const problems = renderSections([], list.problems, options);
  return [...blocks, problems].filter((block) => block !== "").join("\n");
}

/** Lines of `-q`: each mountpoint once. */
export function quietMounts({ items }: MountList): string {
  const paths = new Set(items.map(({ mountpoint }) => mountpoint));
  return [...paths].map((path) => `${sanitize(path)}\n`).join("");
}

const columns: Column<Row>[] = [
  {
    title: "MOUNTPOINT",
    cell: ({ mount, prefix }) => prefix + mount.mountpoint,
    flexible: "middle",
  },
  { title: "TYPE", cell: ({ mount }) => mount.fstype },
  { title: "SOURCE", cell: ({ mount }) => mount.source, flexible: "middle" },
  { title: "FLAGS", cell: ({ mount }) => shortFlags(mount.flags), flexible: true },
  { title: "OUTSIDE", cell: ({ mount }) => outside(mount), flexible: "middle" },
  { title: "ID", align: "right", wide: true, cell: ({ mount }) => `${mount.id}` },
  { title: "PARENT", align: "right", wide: true, cell: ({ mount }) => `${mount.parentId}` },
  { title: "DEVICE", wide: true, cell: ({ mount }) => mount.device },
  { title: "SHARING", wide: true, cell: ({ mount }) => sharing(mount) },
  { title: "ROOT", wide: true, cell: ({ mount }) => mount.root },
  { title: "OPTIONS", wide: true, cell: ({ mount }) => mount.options },
];

/** As `mount(8)` writes them: `MS_NOSUID` is `nosuid`, and what is not read-only is `rw`. */
export function shortFlags(flags: readonly string[]): string {
  const words = flags.map((flag) => flag.replace(/^MS_/, "").toLowerCase());
  return [
    words.includes("rdonly") ? "ro" : "rw",
    ...words.filter((word) => word !== "rdonly"),
  ].join(",");
}

/** The key under which the runtime gives the mount back on restore. */
export function outside(mount: MountItem): string {
  const notes = [mount.externalKey ?? (mount.external ? "yes" : "")];
  if (mount.deleted) notes.push("mountpoint deleted");
  if (mount.withPlugin) notes.push("by a plugin");
  return notes.filter((note) => note !== "").join(", ");
}

/** Its peer groups, as `/proc/PID/mountinfo` names them. */
export function sharing({ sharedId, masterId }: MountItem): string {
  const words: string[] = [];
  if (sharedId !== null) words.push(`shared:${sharedId}`);
  if (masterId !== null) words.push(`master:${masterId}`);
  return words.length === 0 ? "private" : words.join(" ");
}
