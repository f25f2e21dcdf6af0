import type { MappingChange, MappingFacts } from "../../audit/diff/mappings.ts";
import type { MemoryDiff } from "../../audit/diff/memory.ts";
import type { PageCounts } from "../../audit/diff/page-counts.ts";
import { formatBytes, formatCount } from "../../base/units.ts";
import type { DiffEntry } from "./entries.ts";
import type { Newcomers } from "./process-entries.ts";
import { arrow, plural } from "./values.ts";

export function memoryEntries(
  changes: readonly MappingChange[],
  newcomers: Newcomers,
): DiffEntry[] {
  return changes.flatMap((entry): DiffEntry[] => {
    const { change, pid, before, after, pages } = entry;
    if (newcomers.has(change, pid)) return [];
    const facts = (after ?? before) as MappingFacts;
    const words = [`${pid ?? "–"}`, facts.start, facts.permissions, facts.name];
    // Of two pre-dumps nobody knows the mappings.
    const whole = facts.start === "0x0" && facts.name === "";
    const subject = whole ? `${pid} all memory` : words.filter((word) => word !== "").join(" ");
    if (change === "changed") return [{ change, subject, parts: changedParts(entry) }];
    const dumped = (pages?.added ?? 0) + (pages?.removed ?? 0);
    const parts = [formatBytes(facts.sizeBytes)];
    if (dumped > 0) parts.push(`${plural(dumped, "page")} dumped`);
    return [{ change, subject, parts }];
  });
}

function changedParts({ before, after, fields, pages }: MappingChange): DiffEntry["parts"] {
  if (before === null || after === null) return [];
  return fields.flatMap((field) => {
    switch (field) {
      case "sizeBytes":
        return `${after.sizeBytes > before.sizeBytes ? "grown" : "shrunk"} ${formatBytes(before.sizeBytes)} → ${formatBytes(after.sizeBytes)}`;
      case "start":
      case "end":
        return [];
      case "pages":
        return pages === null ? [] : pageParts(pages);
      default:
        return arrow(field, before[field as "name"], after[field as "name"]);
    }
  });
}

function pageParts({ changed, changedBytes, added, removed }: PageCounts): string[] {
  const parts: string[] = [];
  if (changed !== null && changed > 0) {
    parts.push(`${plural(changed, "page")} changed (${plural(changedBytes ?? 0, "byte")})`);
  }
  if (added > 0) parts.push(`${plural(added, "page")} added`);
  if (removed > 0) parts.push(`${plural(removed, "page")} removed`);
  return parts;
}

/** All pages in one line, and what was not compared. */
export function memoryNotes({ pages, pagesCompared, laidOutAnew }: MemoryDiff): string[] {
  const { same, changed, changedBytes, uncompared, added, removed, unavailable } = pages;
  const counts = [
    [same, "the same"],
    [changed ?? 0, `changed (${plural(changedBytes ?? 0, "byte")})`],
    [added, "added"],
    [removed, "removed"],
    [uncompared, "in both"],
    [unavailable, "not at hand"],
  ] as const;
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${formatCount(count)} ${what}`);
  const notes: string[] = [];
  if (laidOutAnew.length > 0) {
    const pids = laidOutAnew.slice(0, 8).join(", ");
    const more = laidOutAnew.length > 8 ? ` and ${laidOutAnew.length - 8} more` : "";
    notes.push(`compared by name and order, being laid out at other addresses: ${pids}${more}`);
  }
  if (told.length > 0) notes.push(`pages: ${told.join(", ")}`);
  if (!pagesCompared && uncompared > 0) notes.push("--pages compares the bytes of pages in both");
  return notes;
}
