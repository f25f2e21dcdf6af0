import type { Verdict } from "../node/verdicts/row.ts";
import type { Conclusion, NodeVerdicts } from "../node/verdicts.ts";
import { needColumns, needSign, paintNeed } from "./need-view.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

const questions = [
  ["checkpoint", "Checkpoint through the kubelet"],
  ["restore", "Restore as a pod"],
  ["podman", "Checkpoint and restore with Podman"],
] as const;

/** The three answers, each with the rows that it hangs on. */
export function renderAnswers(verdicts: NodeVerdicts, options: TableOptions): string {
  const columns: Column<readonly [string, Conclusion]>[] = [
    {
      title: "",
      cell: ([, { answer }]) => needSign({ verdict: answer, required: true }),
      paint: (text, [, { answer }], style) =>
        paintNeed(text, { verdict: answer, required: true }, style),
    },
    { title: "", cell: ([question]) => question },
    { title: "", cell: ([, { answer }]) => (answer === "unknown" ? "cannot tell" : answer) },
    { title: "", cell: ([, { because }]) => because.join(", "), flexible: true },
  ];
  const rows = questions.map(([key, question]) => [question, verdicts[key]] as const);
  return renderTable(rows, columns, { ...options, headers: false });
}

/** Every need, one a line. */
export function renderVerdicts(rows: readonly Verdict[], options: TableOptions): string {
  return renderTable(rows, columns, options);
}

const columns: readonly Column<Verdict>[] = [
  ...needColumns,
  { title: "FOR", cell: ({ purposes }) => purposes.join(", ") || "pods", wide: true },
  { title: "SOURCE", cell: ({ source }) => source, wide: true },
];
