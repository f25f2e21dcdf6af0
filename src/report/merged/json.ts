import type { MergedEntry, MergedReport, MergedSource } from "../../audit/merge/merge.ts";
import type { Severity } from "../../audit/severity.ts";
import { apiVersion } from "../../base/document.ts";
import { HeldBytes } from "../../base/held-bytes.ts";
import { renderJson } from "../json.ts";

/** What is added where a merge begins and ends. */
export interface MergedOptions {
  failOn: Severity | "none";
  /** RFC 3339; for a merge of nothing. */
  now: string;
}

/** A report as the merged document lists it. */
export function sourceDocument({ node, path, auditedAt, totals }: MergedSource): object {
  const { archives, bytes, refused, broken, partly, unchanged, counts } = totals;
  return { node, path, auditedAt, archives, bytes, refused, broken, partly, unchanged, counts };
}

/** An entry as it stands in its list, with the node that it is of. */
export function entryDocument({ value }: MergedEntry, source: MergedSource | undefined): object {
  return { node: source?.node ?? null, ...value };
}

/**
 * A merged report as one JSON document, in pieces, as an audit's. Lists that stand behind the
 * archives are held, packed, until all archives are written, so that the reports are read once.
 */
export async function* renderMergedJson(
  merged: MergedReport,
  { failOn, now }: MergedOptions,
): AsyncGenerator<string> {
  const { auditedAt, sources, replaced, problems, totals } = merged;
  yield `{\n${fields({ apiVersion, kind: "AuditReport", failOn, auditedAt: auditedAt ?? now, replaced })}`;
  yield ',\n  "archives": [';
  const later = { unchanged: new HeldBytes(), housekeeping: new HeldBytes() };
  const counts = { archive: 0, unchanged: 0, housekeeping: 0 };
  for await (const entry of merged.entries()) {
    const text = `${counts[entry.kind]++ === 0 ? "" : ","}\n    ${nested(entryDocument(entry, sources[entry.source]))}`;
    if (entry.kind === "archive") yield text;
    else later[entry.kind].add(text);
  }
  yield counts.archive === 0 ? "]" : "\n  ]";
  for (const name of ["unchanged", "housekeeping"] as const) {
    yield `,\n  "${name}": [`;
    for (const bytes of later[name].read()) yield bytes.toString();
    yield counts[name] === 0 ? "]" : "\n  ]";
  }
  const reports = sources.map(sourceDocument);
  yield `,\n${fields({ counts: totals.counts, problems, reports })}\n}\n`;
}

/** Entries of an object, without its brackets. */
function fields(value: object): string {
  return [...renderJson(value)].join("").slice(2, -3);
}

/** A value as it stands in a list of the document. */
function nested(value: object): string {
  return [...renderJson(value)].join("").trimEnd().replaceAll("\n", "\n    ");
}
