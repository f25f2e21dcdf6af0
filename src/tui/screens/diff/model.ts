import type { DiffRow } from "../../state/audit-rows.ts";
import type { ListModel } from "../../state/list.ts";
import { type Role, type Span, span } from "../../view/line.ts";

const signs: Readonly<Record<DiffRow["change"], readonly [sign: string, role: Role]>> = {
  came: ["+", "good"],
  went: ["-", "danger"],
  changed: ["~", "warning"],
};

function became({ change, word }: DiffRow): Span[] {
  const [sign, role] = signs[change];
  return [span(`${sign} ${word}`, role)];
}

export const diffModel: ListModel<DiffRow> = {
  id: ({ section, subject, change }) => `${section} ${change} ${subject}`,
  text: ({ section, word, subject, parts }) => `${section} ${word} ${subject} ${parts.join(", ")}`,
  columns: [
    {
      title: "OF",
      cell: ({ section }) => [span(section, "dim")],
      sort: { key: "O", by: ({ section }) => section },
    },
    { title: "CHANGE", cell: became, sort: { key: "C", by: ({ change }) => change } },
    {
      title: "SUBJECT",
      cell: ({ subject }) => subject,
      flexible: true,
      least: 16,
      path: true,
      sort: { key: "S", by: ({ subject }) => subject },
    },
    {
      title: "DETAILS",
      cell: ({ parts }) => parts.join(", "),
      flexible: true,
      least: 16,
      drop: 1,
    },
  ],
};
