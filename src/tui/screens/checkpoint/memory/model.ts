import { formatBytes } from "../../../../base/units.ts";
import type { MappingRow } from "../../../../memory/mapping-list.ts";
import type { ListModel } from "../../../state/list.ts";
import { bar } from "../../../view/bar.ts";
import { fitted, type Span, span } from "../../../view/line.ts";

/** An address as the hex view shows it: twelve digits hold all that programs map. */
function addressText(address: bigint): string {
  return address.toString(16).padStart(12, "0");
}

const barColumns = 8;

/** Share of the mapping that is in this dump. */
function share({ dumpedBytes, sizeBytes }: MappingRow): Span[] {
  return [span(fitted(bar(dumpedBytes / sizeBytes, barColumns), barColumns), "accent")];
}

function dumped({ dumpedBytes, missingBytes }: MappingRow): Span[] {
  const bytes = dumpedBytes === 0 ? "–" : formatBytes(dumpedBytes);
  return missingBytes > 0 ? [span(`✗ ${bytes}`, "danger")] : [{ text: bytes }];
}

/** Bytes that are neither in this dump nor zero, by where they are. */
function elsewhere(row: MappingRow): Span[] {
  const parts: Span[] = [];
  const places: readonly [string, number][] = [
    ["file", row.fileBytes],
    ["parent", row.parentBytes],
    ["lazy", row.lazyBytes],
    ["kernel", row.kernelBytes],
  ];
  for (const [name, bytes] of places) {
    if (bytes > 0) parts.push(span(`${name} ${formatBytes(bytes)}  `, "dim"));
  }
  if (row.missingBytes > 0) {
    parts.push(span(`✗ missing ${formatBytes(row.missingBytes)}`, "danger"));
  }
  return parts;
}

/** What a mapping is called: its name, or that it is memory without one. */
function mappingName({ name, backing }: Pick<MappingRow, "name" | "backing">): string {
  if (name !== "") return name;
  return backing === "private" ? "anonymous" : backing;
}

export const mappingModel: ListModel<MappingRow> = {
  id: ({ start }) => start,
  text: (row) =>
    `${row.start} ${row.end} ${row.permissions} ${row.backing} ${mappingName(row)}${
      row.missingBytes > 0 ? " missing" : ""
    }`,
  columns: [
    {
      title: "ADDRESS",
      cell: ({ start }) => addressText(BigInt(start)),
      sort: { key: "A", by: ({ start }) => BigInt(start) },
    },
    {
      title: "SIZE",
      align: "right",
      cell: ({ sizeBytes }) => formatBytes(sizeBytes),
      sort: { key: "S", by: ({ sizeBytes }) => -sizeBytes },
    },
    {
      title: "PERM",
      cell: ({ permissions }) => permissions,
      sort: { key: "P", by: ({ permissions }) => permissions },
    },
    { title: "SHARE", cell: share, drop: 1 },
    {
      title: "DUMPED",
      align: "right",
      cell: dumped,
      sort: { key: "D", by: ({ dumpedBytes }) => -dumpedBytes },
    },
    { title: "ELSEWHERE", cell: elsewhere, drop: 2 },
    { title: "BACKING", cell: ({ backing }) => backing, drop: 3 },
    {
      title: "WHAT",
      cell: mappingName,
      flexible: true,
      least: 12,
      path: true,
      sort: { key: "W", by: mappingName },
    },
    { title: "END", cell: ({ end }) => addressText(BigInt(end)), wide: true },
    { title: "OFFSET", cell: ({ offset }) => offset, wide: true },
  ],
};
