import { createHash } from "node:crypto";
import {
  type ArchiveAudit,
  type AuditReport,
  allFindings,
  countFindings,
} from "../../src/audit/audit.ts";
import type { Finding, FindingPlace } from "../../src/audit/finding.ts";
import type { Severity } from "../../src/audit/severity.ts";

/** A finding with what a test says of it; the rest is plausible. */
export function findingOf(
  ruleId: string,
  severity: Severity,
  parts: Partial<Finding> = {},
): Finding {
  const message = parts.message ?? `${ruleId} saw something`;
  return {
    ruleId,
    group: ruleId.slice(0, ruleId.indexOf("/")),
    title: `Title of ${ruleId}`,
    severity,
    message,
    remedy: "Run `cryoscope secure FILE`.",
    fingerprint: createHash("sha256").update(`${ruleId}\0${message}`).digest("hex").slice(0, 32),
    places: [],
    facts: {},
    secret: null,
    allowed: null,
    ...parts,
  };
}

export function auditOf(path: string, parts: Partial<ArchiveAudit> = {}): ArchiveAudit {
  return {
    path,
    sizeBytes: 591_360,
    engine: "podman",
    id: "3b1c6f0d2e",
    container: "rich",
    pod: null,
    namespace: null,
    image: "localhost/rich:1",
    checkpointedAt: "2026-11-21T21:20:14Z",
    findings: [],
    problems: [],
    fault: null,
    memorySearched: false,
    custody: null,
    ...parts,
  };
}

/** A report with the counts that its findings come to. */
export function auditReport(
  parts: Partial<AuditReport> & Pick<AuditReport, "archives" | "housekeeping" | "auditedAt">,
): AuditReport {
  return {
    apiVersion: "cryoscope/v1",
    kind: "AuditReport",
    unchanged: [],
    problems: [],
    failOn: "high",
    ...parts,
    counts: countFindings(allFindings(parts)),
  };
}

export function reportOf(archives: ArchiveAudit[], housekeeping: Finding[] = []): AuditReport {
  return auditReport({ auditedAt: "2026-11-22T00:00:00Z", archives, housekeeping });
}

export const somePlaces: FindingPlace[] = [
  {
    pid: 1,
    mapping: "[heap]",
    address: 0x3c5b_6710n,
    member: "checkpoint/pages-4.img",
    offset: 12_345,
  },
  { member: "config.dump", pointer: "/process/env/2" },
  { path: "/var/lib/kubelet/checkpoints" },
];
