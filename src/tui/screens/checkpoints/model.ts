import { parseTime } from "../../../base/time.ts";
import { formatAge, formatBytes } from "../../../base/units.ts";
import type { Summary } from "../../../checkpoint/summary.ts";
import type { ListModel } from "../../state/list.ts";
import { type Span, span } from "../../view/line.ts";

const engines: Readonly<Record<string, string>> = {
  "cri-o": "CRI-O",
  containerd: "containerd",
  podman: "Podman",
  criu: "CRIU",
};

/** When the container was frozen; where nobody says, when the file was last written. */
export function frozenAt({ checkpointedAt, modifiedAt }: Summary): number | undefined {
  return parseTime(checkpointedAt ?? modifiedAt ?? "");
}

function age(row: Summary, now: number): string {
  const time = frozenAt(row);
  return time === undefined ? "–" : formatAge(now - time);
}

function lock({ lockedDown, mode, uid, fault }: Summary): Span[] {
  if (fault?.code === "symlink") return [span("✗ link", "danger")];
  if (lockedDown === true)
    return [span("✓", "good"), { text: uid === 0 ? " root" : ` uid ${uid}` }];
  if (lockedDown === false) return [span(`✗ ${mode ?? "?"}`, "danger")];
  return [span(fault?.kind === "refused" ? "? no access" : "–", "dim")];
}

/** The gate's reasons in a few words; `d` shows the whole. */
const reasons: Readonly<Record<string, string>> = {
  mode: "others may read it",
  owner: "another owner",
  symlink: "a link",
  "not-a-file": "no regular file",
  "directory-mode": "others may change its folder",
  "directory-owner": "its folder has another owner",
  "no-access": "you may not read it",
  moved: "it moved while it was looked at",
};

function state({ fault, problems }: Summary): Span[] {
  if (fault?.kind === "refused")
    return [span(`✗ refused: ${reasons[fault.code ?? ""] ?? "see d"}`, "danger")];
  if (fault !== null) return [span(`✗ ${fault.message}`, "danger")];
  if (problems === 0) return [span("–", "dim")];
  return [span(`! ${problems} ${problems === 1 ? "problem" : "problems"}`, "warning")];
}

const bytes = (value: number | null): string => (value === null ? "–" : formatBytes(value));

/** What an archive is called where there is room for a word: `shop/cart-0/app`. */
export function nameOf({ namespace, pod, container, path }: Summary): string {
  const parts = [namespace, pod, container].filter((part) => part !== null);
  return parts.length === 0 ? fileOf(path) : parts.join("/");
}

/** A broken archive is named by its file, with what is wrong with it. */
function broken({ path, fault }: Summary): Span[] | undefined {
  if (fault === null || fault.kind === "refused") return undefined;
  return [span(`✗ ${fileOf(path)}`, "danger"), { text: `   ${fault.message}` }];
}

/** An archive that was not opened and whose name says nothing is still told from others. */
function unnamed({ path, fault }: Summary): string {
  return fault === null ? "–" : fileOf(path);
}

const fileOf = (path: string): string => path.split("/").at(-1) ?? path;

export const checkpointModel: ListModel<Summary> = {
  id: ({ path }) => path,
  whole: broken,
  text: (row) =>
    [row.namespace, row.pod, row.container, row.engine, row.path, row.fault?.message].join(" "),
  columns: [
    {
      title: "NAMESPACE",
      cell: (row) => row.namespace ?? "–",
      flexible: true,
      sort: { key: "S", by: (row) => row.namespace ?? "" },
    },
    {
      title: "POD",
      cell: (row) => row.pod ?? "–",
      flexible: true,
      sort: { key: "P", by: (row) => row.pod ?? "" },
    },
    {
      title: "CONTAINER",
      cell: (row) => row.container ?? unnamed(row),
      flexible: true,
      sort: { key: "C", by: (row) => row.container ?? "" },
    },
    {
      title: "RUNTIME",
      cell: (row) => (row.engine === null ? "–" : (engines[row.engine] ?? row.engine)),
      drop: 2,
      sort: { key: "R", by: (row) => row.engine ?? "" },
    },
    {
      title: "SIZE",
      align: "right",
      cell: (row) => bytes(row.sizeBytes),
      sort: { key: "Z", by: (row) => row.sizeBytes ?? -1 },
    },
    {
      title: "MEMORY",
      align: "right",
      cell: (row) => bytes(row.pageBytes),
      drop: 3,
      sort: { key: "M", by: (row) => row.pageBytes ?? -1 },
    },
    {
      title: "AGE",
      align: "right",
      cell: age,
      sort: { key: "A", by: (row) => -(frozenAt(row) ?? 0) },
    },
    { title: "LOCKED", cell: lock, sort: { key: "L", by: (row) => String(row.lockedDown) } },
    { title: "STATE", cell: state, flexible: true, drop: 1 },
    { title: "COMPRESSION", cell: (row) => row.compression ?? "–", wide: true },
    { title: "IMAGE", cell: (row) => row.image ?? "–", wide: true },
    { title: "PATH", cell: (row) => row.path, wide: true, path: true },
  ],
};
