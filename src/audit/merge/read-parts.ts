import type { Place } from "../../base/errors.ts";
import type { Problem } from "../../base/problem.ts";
import type { SummaryFault } from "../../checkpoint/summary.ts";
import { engines } from "../../runtime/engine.ts";
import type { ArchiveAudit, FindingCounts, UnchangedArchive } from "../audit.ts";
import type { Custody } from "../custody.ts";
import type { Finding, FindingPlace } from "../finding.ts";
import type { AuditScope } from "../scope.ts";
import { severities } from "../severity.ts";
import {
  address,
  flag,
  listOf,
  matching,
  object,
  oneOf,
  orNull,
  partial,
  type Read,
  record,
  text,
  time,
  whole,
} from "./shape.ts";

/** The parts of a report as they stand in its JSON, read as what they are inside (u64 as bigint). */

const print = matching(/^[0-9a-f]{32}$/, "32 hexadecimal digits");

const place = partial<FindingPlace>({
  path: text,
  member: text,
  offset: whole,
  entry: whole,
  pointer: text,
  pid: whole,
  address,
  mapping: text,
  fd: whole,
});

const fact: Read<string | number | boolean | string[]> = (value, pointer) => {
  if (typeof value === "number" || typeof value === "boolean") return value;
  return Array.isArray(value) ? listOf(text)(value, pointer) : text(value, pointer);
};

export const readFinding = object<Finding>({
  ruleId: matching(/^[a-z-]{1,64}\/[a-z0-9-]{1,64}$/, "GROUP/NAME of a rule"),
  group: matching(/^[a-z-]{1,64}$/, "a group of rules"),
  title: text,
  severity: oneOf(severities),
  message: text,
  remedy: text,
  fingerprint: print,
  places: listOf(place),
  facts: record(fact),
  secret: orNull(object({ fingerprint: print, detector: text })),
  allowed: orNull(object({ reason: text, expires: orNull(text) })),
});

const where = partial<Place>({
  path: text,
  member: text,
  entry: whole,
  offset: whole,
  url: text,
  node: text,
});

export const readProblem = object<Problem>(
  {
    severity: oneOf(["error", "warning", "note"]),
    code: text,
    message: text,
    where,
  },
  ["where"],
);

const fault = object<SummaryFault>({
  kind: oneOf(["refused", "broken", "remote"]),
  code: orNull(text),
  message: text,
  next: orNull(text),
});

const hash = matching(/^[0-9a-f]{64}$/, "64 hexadecimal digits");

const custody = object<Custody>({
  archiveSha256: orNull(hash),
  members: listOf(object({ name: text, size: whole, sha256: hash })),
  moreMembers: whole,
  tool: text,
  hashedAt: time,
  user: text,
  uid: whole,
  host: text,
  command: text,
});

export const readArchive = object<Omit<ArchiveAudit, "details" | "node">>({
  path: text,
  sizeBytes: orNull(whole),
  engine: orNull(oneOf(engines)),
  id: orNull(text),
  container: orNull(text),
  pod: orNull(text),
  namespace: orNull(text),
  image: orNull(text),
  checkpointedAt: orNull(text),
  findings: listOf(readFinding),
  problems: listOf(readProblem),
  fault: orNull(fault),
  memorySearched: flag,
  custody: orNull(custody),
});

const readCounts = object<FindingCounts>({
  bySeverity: object({ critical: whole, high: whole, medium: whole, low: whole, info: whole }),
  allowed: whole,
});

export const readUnchanged = object<Omit<UnchangedArchive, "node">>({
  path: text,
  auditedAt: time,
  counts: readCounts,
});

export const readScope = object<AuditScope>({
  paths: listOf(text),
  memory: flag,
  since: orNull(text),
  rules: listOf(text),
  skip: listOf(text),
});
