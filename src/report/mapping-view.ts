import { sanitize } from "../base/text.ts";
import { formatBytes } from "../base/units.ts";
import type { MappingList, MappingRow } from "../memory/mapping-list.ts";
import { renderProblems } from "./problems.ts";
import { plainStyle } from "./style.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

/** Renders the mappings of each process below its name, as in `/proc/PID/maps`. */
export function renderMappings(list: MappingList, options: TableOptions): string {
  const style = options.style ?? plainStyle;
  const blocks = list.items.map(({ pid, comm, mappings }) => {
    const title = style.bold(`pid ${pid}  ${sanitize(comm ?? "?")}`);
    return `${title}\n${renderTable(mappings, columns, options)}`;
  });
  const problems = renderProblems(list.problems, style);
  if (problems !== "") blocks.push(`Problems\n${problems}`);
  return blocks.join("\n");
}

const columns: Column<MappingRow>[] = [
  { title: "START", cell: ({ start }) => start },
  { title: "END", cell: ({ end }) => end },
  { title: "PERM", cell: ({ permissions }) => permissions },
  { title: "SIZE", align: "right", cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
  { title: "DUMPED", align: "right", cell: ({ dumpedBytes }) => amount(dumpedBytes) },
  { title: "ELSEWHERE", cell: elsewhere },
  { title: "BACKING", cell: ({ backing }) => backing },
  { title: "OFFSET", cell: ({ offset }) => offset, wide: true },
  { title: "NAME", cell: ({ name }) => name, flexible: "middle" },
];

function amount(bytes: number): string {
  return bytes === 0 ? "–" : formatBytes(bytes);
}

/** Bytes that are neither in this dump nor zero, by where they are. */
function elsewhere(row: MappingRow): string {
  const parts: [string, number][] = [
    ["file", row.fileBytes],
    ["parent", row.parentBytes],
    ["lazy", row.lazyBytes],
    ["missing", row.missingBytes],
  ];
  return parts
    .filter(([, bytes]) => bytes > 0)
    .map(([name, bytes]) => `${name} ${formatBytes(bytes)}`)
    .join(", ");
}
