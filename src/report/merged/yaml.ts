import type { MergedEntry, MergedReport } from "../../audit/merge/merge.ts";
import { apiVersion } from "../../base/document.ts";
import { HeldBytes } from "../../base/held-bytes.ts";
import { renderYaml } from "../yaml.ts";
import { entryDocument, type MergedOptions, sourceDocument } from "./json.ts";

/** A merged report as one YAML document, the same as its JSON, entry by entry. */
export async function* renderMergedYaml(
  merged: MergedReport,
  { failOn, now }: MergedOptions,
): AsyncGenerator<string> {
  const { auditedAt, sources, replaced, problems, totals } = merged;
  const head = { apiVersion, kind: "AuditReport", failOn, auditedAt: auditedAt ?? now, replaced };
  yield await renderYaml(head);
  const later = { unchanged: new HeldBytes(), housekeeping: new HeldBytes() };
  const begun = { archive: false, unchanged: false, housekeeping: false };
  for await (const entry of merged.entries()) {
    const item = await itemOf(entry, merged);
    if (entry.kind !== "archive") later[entry.kind].add(item);
    else yield begun.archive ? item : `archives:\n${item}`;
    begun[entry.kind] = true;
  }
  if (!begun.archive) yield "archives: []\n";
  for (const name of ["unchanged", "housekeeping"] as const) {
    yield begun[name] ? `${name}:\n` : `${name}: []\n`;
    for (const bytes of later[name].read()) yield bytes.toString();
  }
  const reports = sources.map(sourceDocument);
  yield await renderYaml({ counts: totals.counts, problems, reports });
}

/** An entry of a list that stands in the document. */
async function itemOf(entry: MergedEntry, { sources }: MergedReport): Promise<string> {
  const text = await renderYaml([entryDocument(entry, sources[entry.source])]);
  return text.replace(/^(?=.)/gm, "  ");
}
