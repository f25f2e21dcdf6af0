import type { Document } from "../base/document.ts";
import type { Problem } from "../base/problem.ts";
import type { SummaryFault } from "../checkpoint/summary.ts";
import type { Engine } from "../runtime/engine.ts";
import type { Custody } from "./custody.ts";
import type { ArchiveDetails } from "./details.ts";
import type { Finding } from "./finding.ts";
import type { AuditScope } from "./scope.ts";
import { type Severity, severities } from "./severity.ts";

/** Whose checkpoint it is. Absent facts are null. */
interface AuditedContainer {
  engine: Engine | null;
  id: string | null;
  container: string | null;
  pod: string | null;
  namespace: string | null;
  image: string | null;
  checkpointedAt: string | null;
}

/** What an audit says of one archive. */
export interface ArchiveAudit extends AuditedContainer {
  /** In a merged report: the node on which it lies; null where its report does not say. */
  node?: string | null;
  path: string;
  sizeBytes: number | null;
  findings: Finding[];
  /** What could not be read or asked; an audit with problems of severity `error` is not whole. */
  problems: Problem[];
  /** Why the archive was not looked into, if it was not. */
  fault: SummaryFault | null;
  /** Was its memory looked through for secrets? */
  memorySearched: boolean;
  /** Hashes, where they were asked for. */
  custody: Custody | null;
  /** What the HTML page draws besides; there only where that was asked for. */
  details?: ArchiveDetails;
}

/** How many findings there are that nobody allowed, by severity, and how many are allowed. */
export interface FindingCounts {
  bySeverity: Record<Severity, number>;
  allowed: number;
}

/** An archive that is as it was when it was audited last, and was not audited again. */
export interface UnchangedArchive {
  /** In a merged report, as of an archive. */
  node?: string | null;
  path: string;
  /** When it was, RFC 3339. */
  auditedAt: string;
  counts: FindingCounts;
}

/** Where an audit ran, and what it was asked to look at. Old reports do not say. */
export interface AuditOrigin {
  /** Name of the node, as Kubernetes or the machine itself has it. */
  node: string | null;
  scope: AuditScope | null;
}

/** An audit of any number of archives: also its JSON. */
export interface AuditReport extends Document<"AuditReport">, Partial<AuditOrigin> {
  failOn: Severity | "none";
  /** When it began, RFC 3339. */
  auditedAt: string;
  archives: ArchiveAudit[];
  /** What `--changed-only` passed over. Its findings count for the exit code, and not in `counts`. */
  unchanged: UnchangedArchive[];
  /** Findings about archives together: age, count, bytes, free space. */
  housekeeping: Finding[];
  counts: FindingCounts;
  /** What is to be said of the audit itself: allowances that expired, or that fit nothing, findings beyond a limit. */
  problems: Problem[];
}

export function countFindings(findings: Iterable<Finding>): FindingCounts {
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  let allowed = 0;
  for (const finding of findings) {
    if (finding.allowed === null) bySeverity[finding.severity] += 1;
    else allowed += 1;
  }
  return { bySeverity, allowed };
}

/** Adds one to the other. */
export function addCounts(to: FindingCounts, more: FindingCounts): void {
  for (const severity of severities) to.bySeverity[severity] += more.bySeverity[severity];
  to.allowed += more.allowed;
}

/** Everything that was found, in the order of the report. */
export function* allFindings(
  report: Pick<AuditReport, "archives" | "housekeeping">,
): Generator<Finding> {
  for (const { findings } of report.archives) yield* findings;
  yield* report.housekeeping;
}
