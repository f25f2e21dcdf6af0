import type { ListModel } from "../../../state/list.ts";
import type { NeedRow } from "../../../state/restore.ts";
import { type Role, type Span, span } from "../../../view/line.ts";

/** A verdict as a sign and a word; a no that a restore can do without is a warning. */
export function verdictSpan({ verdict, required }: Pick<NeedRow, "verdict" | "required">): Span {
  const [text, role] = wordOf(verdict, required);
  return span(text, role);
}

function wordOf(verdict: NeedRow["verdict"], required: boolean): readonly [string, Role] {
  if (verdict === "yes") return ["✓ yes", "good"];
  if (verdict === "unknown") return ["? cannot tell", required ? "warning" : "dim"];
  return required ? ["✗ no", "danger"] : ["! loses", "warning"];
}

/** What was found; where nothing was, why it cannot be told. */
export function foundSpans({ found, reason }: NeedRow): Span[] {
  return [reason === null ? { text: found } : span(reason, "dim")];
}

/** Rows come from the gravest to those that are fine, so that is no order to ask for. */
export const needModel: ListModel<NeedRow> = {
  id: ({ key }) => key,
  text: (row) =>
    [
      wordOf(row.verdict, row.required)[0],
      row.topic,
      row.id,
      row.what,
      row.needed,
      row.found,
      row.reason ?? "",
      row.remedy ?? "",
    ].join(" "),
  columns: [
    { title: "VERDICT", cell: (row) => [verdictSpan(row)] },
    {
      title: "TOPIC",
      cell: ({ topic }) => [span(topic, "dim")],
      drop: 2,
      sort: { key: "T", by: ({ topic }) => topic },
    },
    {
      title: "NEED",
      cell: ({ what }) => what,
      flexible: true,
      least: 24,
      share: 3,
      sort: { key: "E", by: ({ what }) => what },
    },
    {
      title: "FOUND",
      cell: foundSpans,
      flexible: true,
      least: 12,
      share: 2,
      sort: { key: "F", by: ({ found, reason }) => reason ?? found },
    },
    {
      title: "REMEDY",
      cell: ({ remedy, verdict }) => (verdict === "yes" ? "" : (remedy ?? "–")),
      flexible: true,
      least: 16,
      share: 2,
      drop: 1,
      sort: { key: "R", by: ({ remedy }) => remedy ?? "" },
    },
    { title: "NEEDED", cell: ({ needed }) => needed, wide: true },
    { title: "READ FROM", cell: ({ evidence }) => evidence ?? "–", wide: true },
    { title: "SOURCE", cell: ({ source }) => source, wide: true },
  ],
};
