import { formatDuration } from "../base/duration.ts";
import type { Outcome } from "../kubelet/route.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

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
  return renderTable(rows, columns, options);
}
