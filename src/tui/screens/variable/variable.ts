import { formatCount } from "../../../base/units.ts";
import type { VariableRow } from "../../state/rows.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import { line, span } from "../../view/line.ts";
import { linesScreen } from "../lines-screen.ts";

export interface VariableArgument {
  path: string;
  pid: number;
  /** Its place in the environment: a name may be there twice. */
  at: number;
  name: string;
}

function fields({ name, value, hidden }: VariableRow): Field[] {
  if (value === null)
    return [
      ["entry", name],
      ["value", "none: there is no ="],
    ];
  const length = hidden ?? value.length;
  return [
    ["name", name],
    hidden === null ? ["value", value] : ["value", `${value}  (v reveals)`, "warning"],
    ["length", `${formatCount(length)} ${length === 1 ? "character" : "characters"}`],
  ];
}

/** One variable of an environment, with the whole of its value. */
export const variableScreen = linesScreen<VariableArgument, VariableRow>({
  crumb: ({ name }) => name,
  question: ({ path, pid }, reveal) => ({ of: "environment", path, pid, reveal }),
  // It comes in one of the parts.
  value: (answer, { at }) =>
    answer.of === "environment" ? answer.value.rows[at - answer.value.at] : undefined,
  title: ({ name, pid }) => line(span(name, "strong"), span(`   variable of pid ${pid}`, "dim")),
  lines: (variable, columns) => fieldSection("Variable", fields(variable), columns),
});
