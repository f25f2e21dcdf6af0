import { sanitize } from "../base/text.ts";
import type { PreviewRow } from "../kubelet/preview/row.ts";
import { plainStyle, type Style } from "./style.ts";
import type { Column } from "./table.ts";

/** One need with its verdict: of a checkpoint that would be made, or of a node. */
export type Need = PreviewRow;

/** A no that a checkpoint can do without is a warning. */
export function needSign({ verdict, required }: Pick<Need, "verdict" | "required">): string {
  if (verdict === "yes") return "✓";
  if (verdict === "unknown") return "?";
  return required ? "✗" : "!";
}

export function paintNeed(
  text: string,
  { verdict, required }: Pick<Need, "verdict" | "required">,
  style: Style,
): string {
  if (verdict === "yes") return style.green(text);
  return verdict === "no" && required ? style.red(text) : style.yellow(text);
}

export const needColumns: readonly Column<Need>[] = [
  { title: " ", cell: needSign, paint: paintNeed },
  { title: "NEED", cell: ({ id }) => id },
  { title: "WHAT", cell: ({ what }) => what, flexible: true },
  {
    title: "FOUND",
    cell: ({ found, reason }) => (reason === null ? found : `cannot tell: ${reason}`),
    flexible: true,
  },
  { title: "NEEDED", cell: ({ needed }) => needed, flexible: true, wide: true },
];

/** What mends each no, and what helps where nothing can be told. */
export function renderRemedies(rows: readonly Need[], style: Style = plainStyle): string {
  return rows
    .filter(({ remedy, verdict }) => remedy !== null && verdict !== "yes")
    .map((row) => {
      const mark = paintNeed(needSign(row), row, style);
      return `${mark} ${sanitize(row.id)}: ${sanitize(row.remedy ?? "")}\n`;
    })
    .join("");
}
