import type { ListModel } from "../../state/list.ts";
import type { VariableRow } from "../../state/rows.ts";
import { type Span, span } from "../../view/line.ts";
import { listTab } from "../list-tab.ts";
import type { VariableArgument } from "../variable/variable.ts";
import type { PartArgument } from "./argument.ts";

/** A variable with its place: what is there twice is listed twice. */
export interface Variable extends VariableRow {
  at: number;
}

/** The value, or dots with the length of what they hide. */
function value({ value: text, hidden }: VariableRow): Span[] {
  if (text === null) return [span("no value", "dim")];
  return hidden === null
    ? [{ text }]
    : [span(text, "warning"), span(` (${hidden})`, "dim"), span("  v reveals", "dim")];
}

const environmentModel: ListModel<Variable> = {
  id: ({ at }) => `${at}`,
  text: ({ name, value: text }) => `${name}=${text ?? ""}`,
  columns: [
    {
      title: "VARIABLE",
      cell: ({ name }) => name,
      flexible: true,
      sort: { key: "A", by: ({ name }) => name },
    },
    {
      title: "VALUE",
      cell: value,
      flexible: true,
      sort: { key: "L", by: (row) => row.value ?? "" },
    },
  ],
};

export const environmentTab = listTab<VariableRow, Variable, PartArgument>({
  name: "environment",
  title: "Environment",
  list: environmentModel,
  question: ({ path, pid }, reveal) => ({ of: "environment", path, pid, reveal }),
  items: (answer) => (answer.of === "environment" ? answer.value : undefined),
  rows: (items) => items.map((item, at) => ({ ...item, at })),
  tree: false,
  empty: "its environment is empty, or its memory is not in the dump",
  open: ({ at, name }, { path, pid }) => {
    const argument: VariableArgument = { path, pid, at, name };
    return [{ act: "push", screen: { kind: "variable", argument } }];
  },
  copied: ({ name, value: text }) => (text === null ? name : `${name}=${text}`),
});
