import type { Column, ListModel } from "../../../state/list.ts";
import type { NeedRow, RestoreTarget } from "../../../state/restore.ts";
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
function foundSpans({ found, reason }: NeedRow): Span[] {
  return [reason === null ? { text: found } : span(reason, "dim")];
}

type NeedColumn = Column<NeedRow>;

const verdict: NeedColumn = { title: "VERDICT", cell: (row) => [verdictSpan(row)] };

const topic: NeedColumn = {
  title: "TOPIC",
  cell: (row) => [span(row.topic, "dim")],
  drop: 2,
  sort: { key: "T", by: (row) => row.topic },
};

const need: NeedColumn = {
  title: "NEED",
  cell: ({ what }) => what,
  flexible: true,
  least: 24,
  share: 3,
  sort: { key: "E", by: ({ what }) => what },
};

const found: NeedColumn = {
  title: "FOUND",
  cell: foundSpans,
  flexible: true,
  least: 12,
  share: 2,
  sort: { key: "F", by: (row) => row.reason ?? row.found },
};

const needed: NeedColumn = {
  title: "NEEDED",
  cell: (row) => row.needed,
  flexible: true,
  least: 12,
  share: 2,
  sort: { key: "D", by: (row) => row.needed },
};

const remedy: NeedColumn = {
  title: "REMEDY",
  cell: (row) => (row.verdict === "yes" ? "" : (row.remedy ?? "–")),
  flexible: true,
  least: 16,
  share: 2,
  drop: 1,
  sort: { key: "R", by: (row) => row.remedy ?? "" },
};

const sources: readonly NeedColumn[] = [
  { title: "READ FROM", cell: ({ evidence }) => evidence ?? "–", wide: true },
  { title: "SOURCE", cell: ({ source }) => source, wide: true },
];

const wideOnly = (column: NeedColumn): NeedColumn => ({ ...column, wide: true });

const common = {
  id: ({ key }: NeedRow) => key,
  text: (row: NeedRow) =>
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
};

const compared: ListModel<NeedRow> = {
  ...common,
  columns: [verdict, topic, need, found, remedy, wideOnly(needed), ...sources],
};

/** Where no place was named, nothing was found there. */
const requirements: ListModel<NeedRow> = {
  ...common,
  columns: [verdict, topic, need, needed, remedy, wideOnly(found), ...sources],
};

/** Rows come from the gravest to those that are fine, so that is no order to ask for. */
export function needModel({ kind }: RestoreTarget): ListModel<NeedRow> {
  return kind === "none" ? requirements : compared;
}
