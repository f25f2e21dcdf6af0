import { formatDuration } from "../base/duration.ts";
import type { Outcome } from "../kubelet/route.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

const fetchedColumn: Column<Outcome> = {
  title: "HERE",
  cell: ({ fetched = [] }) => {
    const cells = fetched.map((one) =>
      "path" in one ? one.path : `✗ ${one.detail.code ?? one.kind}`,
    );
    return cells.length === 0 ? "–" : cells.join(" ");
  },
  paint: (text, { fetched = [] }, { red }) =>
    fetched.every((one) => "path" in one) ? text : red(text),
};

/** Renders checkpoints as a table; what failed shows the word for its fault. */
export function renderCheckpoints(rows: readonly Outcome[], options: TableOptions): string {
  const columns: Column<Outcome>[] = [
    { title: "NAMESPACE", cell: ({ place }) => place.target.namespace, flexible: true },
    { title: "POD", cell: ({ place }) => place.target.pod, flexible: true },
    { title: "CONTAINER", cell: ({ place }) => place.target.container, flexible: true },
    { title: "NODE", cell: ({ place }) => place.node ?? "–", flexible: true },
    { title: "TOOK", align: "right", cell: (row) => formatDuration(row.endedAt - row.startedAt) },
    { title: "KUBELET", cell: ({ place }) => place.kubeletVersion ?? "–", wide: true },
    { title: "ROUTE", cell: ({ result }) => ("paths" in result ? result.route : "–"), wide: true },
    {
      title: "ARCHIVE",
      // It is meant to be copied, so it is never cut.
      cell: ({ result }) =>
        "paths" in result ? result.paths.join(" ") : `✗ ${result.detail.code ?? result.kind}`,
      paint: (text, { result }, { red }) => ("paths" in result ? text : red(text)),
    },
  ];
  if (rows.some(({ fetched }) => fetched !== undefined)) columns.push(fetchedColumn);
  return renderTable(rows, columns, options);
}
