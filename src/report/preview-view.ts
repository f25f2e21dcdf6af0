import type { Document } from "../base/document.ts";
import { sanitize } from "../base/text.ts";
import type { Caller } from "../kubelet/preview/caller.ts";
import type { PreviewItem } from "../kubelet/preview/item.ts";
import { type Need, needColumns, renderRemedies } from "./need-view.ts";
import { indent, narrower, renderSections, type Section } from "./sections.ts";
import { plainStyle, type Style } from "./style.ts";
import { renderFields, renderTable, type TableOptions } from "./table.ts";

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
  const table = indent(renderTable(item.rows, needColumns, narrower(options)));
  return [{ title: sanitize(item.name), body: `${head}\n${table}${remedies(item.rows, style)}` }];
}

function remedies(rows: readonly Need[], style: Style): string {
  const lines = renderRemedies(rows, style);
  return lines === "" ? "" : `\n${indent(lines)}`;
}
