import { sanitize } from "../base/text.ts";
import type { Verdict } from "../node/verdicts/row.ts";
import type { Conclusion, NodeVerdicts } from "../node/verdicts.ts";
import { plainStyle, type Style } from "./style.ts";
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
      cell: ([, { answer }]) => sign({ verdict: answer, required: true }),
      paint: (text, [, { answer }], style) => paint(text, answer, style),
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

/** What mends each no, and what helps where nothing can be told. */
export function renderRemedies(rows: readonly Verdict[], style: Style = plainStyle): string {
  return rows
    .filter(({ remedy, verdict }) => remedy !== null && verdict !== "yes")
    .map((row) => {
      const mark = paint(sign(row), row.verdict, style);
      return `${mark} ${sanitize(row.id)}: ${sanitize(row.remedy ?? "")}\n`;
    })
    .join("");
}

/** A no that a checkpoint can do without is a warning. */
function sign({ verdict, required }: Pick<Verdict, "verdict" | "required">): string {
  if (verdict === "yes") return "✓";
  if (verdict === "unknown") return "?";
  return required ? "✗" : "!";
}

function paint(text: string, answer: Verdict["verdict"], style: Style): string {
  if (answer === "yes") return style.green(text);
  return answer === "no" && text.trim() === "✗" ? style.red(text) : style.yellow(text);
}

const columns: Column<Verdict>[] = [
  { title: " ", cell: sign, paint: (text, { verdict }, style) => paint(text, verdict, style) },
  { title: "NEED", cell: ({ id }) => id },
  { title: "WHAT", cell: ({ what }) => what, flexible: true },
  {
    title: "FOUND",
    cell: ({ found, reason }) => (reason === null ? found : `cannot tell: ${reason}`),
    flexible: true,
  },
  { title: "NEEDED", cell: ({ needed }) => needed, flexible: true, wide: true },
  { title: "FOR", cell: ({ purposes }) => purposes.join(", ") || "pods", wide: true },
  { title: "SOURCE", cell: ({ source }) => source, wide: true },
];
