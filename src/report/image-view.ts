import { formatBytes, formatCount } from "../base/units.ts";
import type { ImageList, ImageRow, NestedRow } from "../checkpoint/image-list.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

interface Line {
  name: string;
  row?: ImageRow;
  nested?: NestedRow;
}

/** Renders the members of an archive, those of archives inside it below their own. */
export function renderImages(list: ImageList, options: TableOptions): string {
  const lines: Line[] = [];
  for (const row of list.items) {
    lines.push({ name: linked(row), row });
    for (const nested of row.members ?? []) {
      lines.push({ name: `  ${row.name}!${linked(nested)}`, nested });
    }
  }
  return renderTable(lines, columns, options);
}

function linked(row: { name: string; linkName?: string }): string {
  return row.linkName === undefined ? row.name : `${row.name} -> ${row.linkName}`;
}

const columns: Column<Line>[] = [
  { title: "NAME", cell: ({ name }) => name, flexible: "middle" },
  { title: "KIND", cell: ({ row, nested }) => row?.title ?? nested?.type ?? "" },
  { title: "PAGES ID", align: "right", cell: ({ row }) => `${row?.pagesId ?? ""}` },
  { title: "PID", align: "right", cell: ({ row }) => `${row?.pid ?? ""}` },
  { title: "PAGES", align: "right", cell: ({ row }) => number(row?.pages) },
  { title: "ENTRIES", align: "right", cell: ({ row }) => number(row?.entries) },
  {
    title: "SIZE",
    align: "right",
    cell: ({ row, nested }) => formatBytes(row?.sizeBytes ?? nested?.sizeBytes ?? 0),
  },
  {
    title: "BYTES",
    align: "right",
    wide: true,
    cell: ({ row, nested }) => formatCount(row?.sizeBytes ?? nested?.sizeBytes ?? 0),
  },
  {
    title: "SHARE",
    align: "right",
    cell: ({ row }) => (row?.share == null ? "" : `${(row.share * 100).toFixed(1)} %`),
  },
];

function number(value: number | null | undefined): string {
  return value == null ? "" : formatCount(value);
}
