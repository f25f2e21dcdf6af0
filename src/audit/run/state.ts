import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { apiVersion, type Document } from "../../base/document.ts";
import { parseTime } from "../../base/time.ts";
import { version } from "../../base/version.ts";
import { type ArchiveAudit, countFindings, type FindingCounts } from "../audit.ts";
import { parseExpiry } from "../policy/forms.ts";
import type { Policy } from "../policy/policy.ts";

/** What tells one state of a file from the next. u64 as decimal digits. */
export interface FileMark {
  dev: string;
  inode: string;
  size: string;
  /** Nanoseconds since 1970: of the last write, and of the last change of owner, mode or names. */
  modified: string;
  changed: string;
}

/** What an audit remembers of one archive. */
export interface SeenArchive extends FileMark {
  /** RFC 3339. */
  auditedAt: string;
  /** When an allowance that one of its findings has ends, RFC 3339; null for never. */
  until: string | null;
  counts: FindingCounts;
  /** For counting archives together. */
  container: string | null;
  pod: string | null;
  namespace: string | null;
  checkpointedAt: string | null;
}

/** The file of `--state`. */
export interface AuditState extends Document<"AuditState"> {
  tool: string;
  /** Hash of all that findings depend on beside the archive. */
  question: string;
  /** By path. */
  archives: Record<string, SeenArchive>;
}

/** The state of an audit under a policy that saw nothing yet. */
export function emptyState(question: string): AuditState {
  return { apiVersion, kind: "AuditState", tool: version, question, archives: {} };
}

/** Two audits that ask the same have the same hash. The threshold is no part of it. */
export function questionHash(
  policy: Policy,
  how: { memory: boolean; permissions: string },
): string {
  const { failOn: _, ...asked } = policy;
  return createHash("sha256")
    .update(JSON.stringify([version, asked, how]))
    .digest("hex");
}

export function fileMark(stats: BigIntStats): FileMark {
  return {
    dev: `${stats.dev}`,
    inode: `${stats.ino}`,
    size: `${stats.size}`,
    modified: `${stats.mtimeNs}`,
    changed: `${stats.ctimeNs}`,
  };
}

/** What is known of an archive, where it needs no second look. */
export function unchangedSince(
  state: AuditState,
  path: string,
  mark: FileMark,
  now: number,
): SeenArchive | undefined {
  const seen = Object.hasOwn(state.archives, path) ? state.archives[path] : undefined;
  if (seen === undefined) return undefined;
  const keys = ["dev", "inode", "size", "modified", "changed"] as const;
  if (keys.some((key) => seen[key] !== mark[key])) return undefined;
  return seen.until !== null && now >= (parseTime(seen.until) ?? 0) ? undefined : seen;
}

/** What is to be remembered of an audit; nothing of one that was not whole. */
export function remember(
  audit: ArchiveAudit,
  mark: FileMark,
  auditedAt: string,
): SeenArchive | undefined {
  const broken = audit.problems.some(({ severity }) => severity === "error");
  if (audit.fault !== null || broken) return undefined;
  const { findings, container, pod, namespace, checkpointedAt } = audit;
  const ends = findings
    .map(({ allowed }) => allowed?.expires)
    .filter((text) => text != null)
    .map((text) => parseExpiry(text) ?? 0);
  const until = ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString();
  const counts = countFindings(findings);
  return { ...mark, auditedAt, until, counts, container, pod, namespace, checkpointedAt };
}
