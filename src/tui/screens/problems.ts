import type { Problem } from "../../base/problem.ts";
import type { Act } from "../state/screen.ts";
import { type Line, line, span, truncate } from "../view/line.ts";

const signs = { error: "✗", warning: "!", note: "·" } as const;

const place = ({ where }: Problem): string =>
  where?.member === undefined ? "" : `  (${where.member})`;

/** The first problem and how many there are, in one line below a list that may lack something. */
export function problemLine(problems: readonly Problem[], columns: number): Line {
  const first = problems.find(({ severity }) => severity === "error") ?? problems[0];
  if (first === undefined) return line();
  const more = problems.length > 1 ? `  and ${problems.length - 1} more` : "";
  const hint = `${more}   p shows them`;
  const text = truncate(`${first.message}${place(first)}`, columns - hint.length - 6);
  const role = first.severity === "error" ? "danger" : "warning";
  return line(" ", span(`${signs[first.severity]} `, role), text, span(hint, "dim"));
}

/** All problems, each in full. */
export function problemScreen(problems: readonly Problem[]): Act {
  const lines = problems.map((it) => `${signs[it.severity]} ${it.message}${place(it)}`);
  return { act: "push", screen: { kind: "text", argument: { title: "problems", lines } } };
}
