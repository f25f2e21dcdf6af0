import { sanitize } from "../base/text.ts";
import type { RestorePlan } from "../restore/plan/plan.ts";
import type { PlanRow } from "../restore/plan/row.ts";
import { needColumns, needSign, paintNeed, renderRemedies } from "./need-view.ts";
import { indent, narrower, renderSections } from "./sections.ts";
import { plainStyle } from "./style.ts";
import { type Column, renderFields, renderTable, type TableOptions } from "./table.ts";

const answers = { yes: "yes, as far as can be told", no: "no", unknown: "not yet" } as const;

/** The answer with its reasons, every need, and what to do. */
export function renderPlan(plan: RestorePlan, options: TableOptions): string {
  const inner = narrower(options);
  const style = options.style ?? plainStyle;
  const hints = renderRemedies(
    plan.rows.map((row) => ({ ...row, id: nameOf(row) })),
    style,
  );
  return renderSections(
    [
      { title: "Restore", body: renderFields(fields(plan), options) },
      { title: "Because", body: indent(reasons(plan)) },
      { title: "Needs", body: indent(renderTable(plan.rows, columns, inner)) },
      { title: "What to do", body: indent(hints) },
    ],
    plan.problems,
    options,
  );
}

/** Lines of `-q`: the answer, then the ids that it hangs on. */
export function quietPlan({ answer, because }: RestorePlan): string {
  return [answer, ...because.map(({ id }) => id)].map((line) => `${sanitize(line)}\n`).join("");
}

function fields({ container, target, runtime, answer }: RestorePlan): [string, string][] {
  const names = [container.namespace, container.pod, container.name];
  const place =
    target === null
      ? "none named: --node NAME, --node-file FILE, --host or --root DIR"
      : `${target.name ?? "?"} (${target.source === "api" ? "as the API tells" : "as it says itself"})`;
  return [
    ["Container", names.filter((name) => name !== null).join("/") || "–"],
    ["Made by", container.engine ?? "?"],
    ["Place", place],
    ["Restored by", runtime ?? "?"],
    ["Comes back", answers[answer]],
  ];
}

function reasons({ because, answer }: RestorePlan): string {
  const mark = needSign({ verdict: answer, required: true });
  return because.map(({ id, what }) => `${mark} ${sanitize(id)}: ${sanitize(what)}\n`).join("");
}

/** Rows of many things of one kind have their thing in what they ask for. */
function nameOf({ id, what }: PlanRow): string {
  return id === "mount" ? what : id;
}

const columns: readonly Column<PlanRow>[] = [
  {
    title: " ",
    cell: needSign,
    paint: paintNeed,
  },
  { title: "TOPIC", cell: ({ topic }) => topic },
  ...needColumns.slice(1).map((column) => ({ ...column, wide: false })),
  { title: "REQUIRED", cell: ({ required }) => (required ? "yes" : "no"), wide: true },
  { title: "READ FROM", cell: ({ evidence }) => evidence ?? "–", wide: true },
  { title: "SOURCE", cell: ({ source }) => source, wide: true },
];
