import { formatBytes, formatCount } from "../../../../base/units.ts";
import type { ListModel } from "../../../state/list.ts";
import type { MemberRow } from "../../../state/member-rows.ts";
import { bar, percent } from "../../../view/bar.ts";
import { fitted, type Span, span } from "../../../view/line.ts";

/** A member with its part of all bytes. */
export interface SizedMember {
  row: MemberRow;
  share: number;
}

export function sizedMembers(rows: readonly MemberRow[]): SizedMember[] {
  const total = rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return rows.map((row) => ({ row, share: total === 0 ? 0 : row.sizeBytes / total }));
}

const barColumns = 8;

function share({ share: part }: SizedMember): Span[] {
  if (part === 0) return [{ text: " ".repeat(barColumns + 8) }];
  return [
    span(fitted(bar(part, barColumns), barColumns), "accent"),
    { text: fitted(percent(part), 8, "right") },
  ];
}

function name({ row }: SizedMember): Span[] {
  if (row.linkName !== undefined) {
    return [{ text: row.name }, span(` → ${row.linkName}`, "dim")];
  }
  return [row.form === "nothing" ? span(row.name, "dim") : { text: row.name }];
}

const count = (value: number | null): string => (value === null ? "" : formatCount(value));

export const memberModel: ListModel<SizedMember> = {
  // Archives hold names twice; the place tells them apart no better than the name and the size.
  id: ({ row }) => `${row.name} ${row.pagesId ?? ""} ${row.sizeBytes}`,
  text: ({ row }) => `${row.name} ${row.title} ${row.kind} ${row.pid ?? ""}`,
  columns: [
    {
      title: "NAME",
      cell: name,
      flexible: true,
      least: 24,
      path: true,
      sort: { key: "A", by: ({ row }) => row.name },
    },
    {
      title: "KIND",
      cell: ({ row }) => [span(row.title, row.kind === "other" ? "dim" : "plain")],
      flexible: true,
      least: 14,
      drop: 1,
      sort: { key: "K", by: ({ row }) => row.title },
    },
    {
      title: "PID",
      align: "right",
      cell: ({ row }) => `${row.pid ?? ""}`,
      drop: 3,
      sort: { key: "P", by: ({ row }) => row.pid ?? Number.MAX_SAFE_INTEGER },
    },
    { title: "PAGES", align: "right", cell: ({ row }) => count(row.pages), wide: true },
    {
      title: "ENTRIES",
      align: "right",
      cell: ({ row }) => count(row.entries),
      drop: 4,
      sort: { key: "E", by: ({ row }) => -(row.entries ?? -1) },
    },
    {
      title: "SIZE",
      align: "right",
      cell: ({ row }) => formatBytes(row.sizeBytes),
      sort: { key: "Z", by: ({ row }) => -row.sizeBytes },
    },
    { title: "SHARE", cell: share, drop: 2 },
  ],
};
