import type { Document } from "../base/document.ts";
import { sanitize } from "../base/text.ts";
import type { Caller } from "../kubelet/preview/caller.ts";
import type { PreviewItem } from "../kubelet/preview/item.ts";
import type { PreviewRow } from "../kubelet/preview/row.ts";
import { indent, narrower, renderSections, type Section } from "./sections.ts";
import { plainStyle, type Style } from "./style.ts";
import { type Column, renderFields, renderTable, type TableOptions } from "./table.ts";

export interface CheckpointPreview extends Document<"CheckpointPreview"> {
  /** Null where no API server was asked. */
  caller: Caller | null;
  items: PreviewItem[];
  notTried: { target: string; error: object }[];
}

/** Renders what a checkpoint would meet: a part for the caller and one for each container. */
export function renderPreview({ caller, items }: CheckpointPreview, options: TableOptions): string {
  const sections = items.flatMap((item) => itemSections(item, options));
  if (caller !== null) sections.unshift(callerSection(caller, options));
  return renderSections(sections, [], options);
}

function callerSection({ user, groups }: Caller, options: TableOptions): Section {
  const fields: [string, string][] = [
    ["User", user ?? "the cluster does not say"],
    ["Groups", groups.join(", ") || "–"],
  ];
  return { title: "Caller", body: renderFields(fields, options) };
}

const answers = { yes: "yes, as far as can be told", no: "no", unknown: "cannot tell" } as const;

function itemSections(item: PreviewItem, options: TableOptions): Section[] {
  const style = options.style ?? plainStyle;
  const fields: [string, string][] = [
    ["Can be checkpointed", answers[item.can]],
    ["State", item.state ?? "not asked"],
    ["Node", item.node ?? "–"],
    ["Kubelet", item.kubeletVersion ?? "–"],
    ...item.urls.map(({ route, url }, at): [string, string] => [
      at === 0 ? "Would ask" : "and then",
      `${url} (${route})`,
    ]),
  ];
  // URLs are meant to be copied, so nothing is wrapped.
  const head = renderFields(fields, { style });
  if (item.rows.length === 0) return [{ title: sanitize(item.name), body: head }];
  const table = indent(renderTable(item.rows, columns, narrower(options)));
  return [{ title: sanitize(item.name), body: `${head}\n${table}${remedies(item.rows, style)}` }];
}

function remedies(rows: readonly PreviewRow[], style: Style): string {
  const lines = rows
    .filter(({ verdict, remedy }) => verdict !== "yes" && remedy !== null)
    .map(
      (row) =>
        `${paint(sign(row), row, style)} ${sanitize(row.id)}: ${sanitize(row.remedy ?? "")}\n`,
    );
  return lines.length === 0 ? "" : `\n${indent(lines.join(""))}`;
}

function sign({ verdict, required }: PreviewRow): string {
  if (verdict === "yes") return "✓";
  if (verdict === "unknown") return "?";
  return required ? "✗" : "!";
}

function paint(text: string, { verdict, required }: PreviewRow, style: Style): string {
  if (verdict === "yes") return style.green(text);
  return verdict === "no" && required ? style.red(text) : style.yellow(text);
}

const columns: Column<PreviewRow>[] = [
  { title: " ", cell: sign, paint },
  { title: "NEED", cell: ({ id }) => id },
  { title: "WHAT", cell: ({ what }) => what, flexible: true },
  {
    title: "FOUND",
    cell: ({ found, reason }) => (reason === null ? found : `cannot tell: ${reason}`),
    flexible: true,
  },
  { title: "NEEDED", cell: ({ needed }) => needed, flexible: true, wide: true },
];
