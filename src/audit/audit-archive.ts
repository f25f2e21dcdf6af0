import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { Fault } from "../base/errors.ts";
import { isRemote, shownName } from "../base/remote-name.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { type CheckpointOptions, openCheckpoint } from "../checkpoint/open-checkpoint.ts";
import { closedSummary } from "../checkpoint/summary.ts";
import type { ArchiveAudit } from "./audit.ts";
import { type AuditOptions, auditCheckpoint } from "./audit-checkpoint.ts";
import { compareFindings, makeFinding } from "./evaluate.ts";
import type { Finding, Sighting } from "./finding.ts";
import { applyAllowances } from "./policy/allow.ts";
import { refusalSightings } from "./refused.ts";
import type { RuleText } from "./rule.ts";
import { changedWhileRead } from "./rules/integrity/changed-while-read.ts";
import { unreadable } from "./rules/integrity/unreadable.ts";

export interface ArchiveAuditOptions extends AuditOptions {
  /** How it is opened. */
  open: CheckpointOptions;
}

/** How a checkpoint is opened: what the command line calls `-` comes by another way. */
export type Opener = (path: string, options: CheckpointOptions) => Promise<Checkpoint>;

/**
 * Opens an archive and audits it. Never throws for what an archive is or holds: one that cannot be
 * looked into has a `fault`, and findings that say so.
 */
export async function auditArchive(
  path: string,
  options: ArchiveAuditOptions,
  open: Opener = openCheckpoint,
): Promise<ArchiveAudit> {
  const before = await statsOf(path);
  try {
    const checkpoint = await open(path, options.open);
    try {
      const audit = await auditCheckpoint(checkpoint, options);
      return path === "-" || isRemote(path)
        ? audit
        : withChange(audit, before, await statsOf(path), options);
    } finally {
      await checkpoint.close();
    }
  } catch (error) {
    if (!(error instanceof Fault) || error.kind === "usage") throw error;
    return closedAudit(path, error, options);
  }
}

function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}

/** What is known of an archive that could not be looked into, and what that says of it. */
export async function closedAudit(
  path: string,
  error: Fault,
  options: AuditOptions,
): Promise<ArchiveAudit> {
  const { sizeBytes, engine, container, pod, namespace, image, checkpointedAt, fault } =
    await closedSummary(path, error);
  return {
    path: shownName(path),
    sizeBytes,
    engine,
    id: null,
    container,
    pod,
    namespace,
    image,
    checkpointedAt,
    findings: closedFindings(error, options),
    problems: [],
    fault,
    memorySearched: false,
    custody: null,
  };
}

function closedFindings(error: Fault, options: AuditOptions): Finding[] {
  if (error.kind === "refused") return refusedFindings(error, options);
  // That a server cannot be reached says nothing of what it has.
  return error.kind === "remote" || error.kind === "timeout"
    ? []
    : unreadableFindings(error, options);
}

/** What the gate's refusal says of an archive. */
function refusedFindings(error: Fault, options: AuditOptions): Finding[] {
  return refusalSightings(error).flatMap(({ rule, sighting }) => told(rule, [sighting], options));
}

function unreadableFindings(error: Fault, options: AuditOptions): Finding[] {
  const { where, next } = error.detail;
  const place = { ...(where?.member === undefined ? {} : { member: where.member }) };
  const sighting: Sighting = {
    message: error.message,
    key: error.detail.code ?? "",
    places: [where?.offset === undefined ? place : { ...place, offset: where.offset }],
    ...(next === undefined ? {} : { remedy: next }),
  };
  return told(unreadable, [sighting], options);
}

/** Adds that a file was changed, exchanged or removed while it was read, where it was. */
function withChange(
  audit: ArchiveAudit,
  before: Stats | undefined,
  after: Stats | undefined,
  options: AuditOptions,
): ArchiveAudit {
  const message = changeOf(before, after);
  if (message === undefined) return audit;
  const found = told(changedWhileRead, [{ message, key: "" }], options);
  return { ...audit, findings: [...audit.findings, ...found].sort(compareFindings) };
}

function changeOf(before: Stats | undefined, after: Stats | undefined): string | undefined {
  // A folder of images changes its own times when nothing in it does.
  if (before === undefined || before.isDirectory()) return undefined;
  if (after === undefined) return "the archive was removed while it was read";
  if (after.ino !== before.ino || after.dev !== before.dev) {
    return "the archive was exchanged for another file while it was read";
  }
  if (after.size !== before.size) {
    return `the archive was ${before.size} bytes long when the reading began, and ${after.size} when it ended`;
  }
  return after.mtimeMs === before.mtimeMs ? undefined : "the archive was written while it was read";
}

/** Findings of rules that ask how the reading went, unless they are not asked. */
function told(rule: RuleText, sightings: readonly Sighting[], options: AuditOptions): Finding[] {
  if (options.policy.rules[rule.id]?.enabled === false) return [];
  const findings = sightings.map((sighting) => makeFinding(rule, sighting, options.policy));
  return applyAllowances(findings, options.policy, options.now);
}
