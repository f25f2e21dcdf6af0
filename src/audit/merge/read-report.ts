import { Fault } from "../../base/errors.ts";
import type { Problem } from "../../base/problem.ts";
import type { ArchiveAudit, UnchangedArchive } from "../audit.ts";
import type { Finding } from "../finding.ts";
import type { Cut, Wanted } from "./json-cutter.ts";
import { readArchive, readFinding, readProblem, readUnchanged } from "./read-parts.ts";
import type { Read } from "./shape.ts";

/** One thing that a report tells. */
export type Entry =
  | { kind: "archive"; value: ArchiveAudit }
  | { kind: "unchanged"; value: UnchangedArchive }
  | { kind: "housekeeping"; value: Finding }
  | { kind: "problem"; value: Problem };

/** An entry with its number in its list, or why it is none. */
export type ReadEntry = (Entry | { kind: "faulty"; fault: Fault }) & { index: number };

/** Lists of a report, and what their entries are. */
const lists: Readonly<Record<string, [kind: Entry["kind"], read: Read<unknown>]>> = {
  archives: ["archive", readArchive],
  unchanged: ["unchanged", readUnchanged],
  housekeeping: ["housekeeping", readFinding],
  problems: ["problem", readProblem],
};

/** What a merge reads of a report. `reports` is there in one that was merged already. */
export const reportParts: Wanted = {
  fields: new Set(["apiVersion", "kind", "node", "scope", "auditedAt", "reports"]),
  lists: new Set(Object.keys(lists)),
};

/** The same without the head, which was read before. */
export const entryParts: Wanted = { fields: new Set(), lists: reportParts.lists };

/** What a cut of a list holds. One that is not what an audit prints does not spoil the others. */
export function readEntry({ list, index, at, value }: Cut & { kind: "item" }): ReadEntry {
  const [kind, read] = lists[list] as [Entry["kind"], Read<unknown>];
  try {
    return { kind, index, value: read(value, `/${list}/${index}`) } as ReadEntry;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { kind: "faulty", index, fault: error.at({ offset: at }) };
  }
}
