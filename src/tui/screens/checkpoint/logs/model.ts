import type { ListModel } from "../../../state/list.ts";
import type { LogRow } from "../../../state/member-rows.ts";
import { type Role, type Span, span } from "../../../view/line.ts";

const signs = { error: "✗ ", warning: "! ", stderr: "› " } as const;
const roles: Readonly<Record<keyof typeof signs, Role>> = {
  error: "danger",
  warning: "warning",
  stderr: "plain",
};

function spans(row: LogRow): Span[] {
  const { heading, log, time, stream, text, mark, advice, role } = row;
  if (heading) return [span(log, "strong"), span(`  ${text}`, "dim")];
  if (advice !== null) return [span(`  ${advice.padEnd(8)}`, "dim"), span(text, "accent")];
  // An error that follows from another, or that did no harm, draws no eye.
  if (role === "consequence" || role === "harmless") {
    return [span(`${mark === null ? "  " : signs[mark]}${time} ${text}`, "dim")];
  }
  const sign = mark === null ? { text: "  " } : span(signs[mark], roles[mark]);
  const where = [time, stream].filter((it) => it !== "").join(" ");
  const head = where === "" ? [] : [span(`${where} `, "dim")];
  return [sign, ...head, mark === null ? { text } : span(text, roles[mark])];
}

export const lineText = ({ advice, time, stream, text }: LogRow): string =>
  [advice ?? "", time, stream, text].filter((it) => it !== "").join(" ");

/** Lines as they are, so that they can be scrolled sideways: a log has no columns. */
export const logModel: ListModel<LogRow> = {
  id: ({ id }) => id,
  whole: spans,
  text: (row) => (row.heading ? `${row.log} ${row.text}` : lineText(row)),
  columns: [],
};
