import type { Failure } from "../state/questions.ts";
import { wrapText } from "../view/fields.ts";
import { emptyLine, type Line, line, type Role, span } from "../view/line.ts";

/** Text below a sign, indented. */
export function wrapped(text: string, columns: number, role: Role = "plain", indent = 2): Line[] {
  const hang = /^[✓✗!?→] /.test(text) ? 2 : 0;
  return wrapText(text, columns - indent - hang - 1).map((it, at) =>
    line(" ".repeat(indent + (at === 0 ? 0 : hang)), span(it, role)),
  );
}

/** Why something failed, what mends it, and the whole of what can be applied. */
export function wholeFailure(
  { message, next, notes = [], manifest }: Failure,
  columns: number,
): Line[] {
  const manifestLines = manifest === undefined ? [] : manifest.trimEnd().split("\n");
  return [
    emptyLine,
    ...wrapped(`✗ ${message}`, columns, "danger"),
    ...(next === null ? [] : [emptyLine, ...wrapped(`→ ${next}`, columns)]),
    ...notes.flatMap((note) => [emptyLine, ...wrapped(`! ${note}`, columns, "warning")]),
    ...(manifest === undefined
      ? []
      : [emptyLine, line("  ", span("To apply with kubectl apply -f - (c copies it):", "strong"))]),
    ...manifestLines.map((text) => line("    ", text)),
  ];
}
