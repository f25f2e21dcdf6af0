import type {
  Artifact,
  Invocation,
  Log,
  Notification,
  ReportingDescriptor,
  Result,
  Run,
  Suppression,
} from "sarif";
import type { ArchiveAudit, AuditReport } from "../audit/audit.ts";
import type { Finding } from "../audit/finding.ts";
import type { RuleText } from "../audit/rule.ts";
import type { Severity } from "../audit/severity.ts";
import type { Problem } from "../base/problem.ts";
import { sanitize } from "../base/text.ts";
import { version } from "../base/version.ts";
import { isPartly } from "./audit-counts.ts";
import { renderJson } from "./json.ts";
import { fileUri, sarifLocation, sarifText } from "./sarif-location.ts";

/** What SARIF calls a severity; `rank` is its own scale from 0 to 100. */
const levels: Readonly<Record<Severity, { level: Result.level; rank: number }>> = {
  critical: { level: "error", rank: 100 },
  high: { level: "error", rank: 80 },
  medium: { level: "warning", rank: 50 },
  low: { level: "note", rank: 20 },
  info: { level: "note", rank: 0 },
};

/** GitHub's scale: above 9 is critical, from 7 high, from 4 medium, above 0 low. */
const securitySeverity: Readonly<Record<Severity, string | null>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.5",
  info: null,
};

/** How a SARIF file begins. */
export const sarifHead = {
  $schema: "https://json.schemastore.org/sarif-2.1.0.json",
  version: "2.1.0",
} as const;

/** How a run begins: who made it, and by which rules. */
export function runHead(rules: readonly RuleText[]): Pick<Run, "tool" | "automationDetails"> {
  const driver = { name: "cryoscope", semanticVersion: version, version, rules: rules.map(toRule) };
  return { tool: { driver }, automationDetails: { id: "cryoscope/audit/" } };
}

/** An audit as SARIF 2.1.0, in pieces. */
export function renderSarif(report: AuditReport, rules: readonly RuleText[]): Iterable<string> {
  return renderJson(sarifLog(report, rules));
}

/**
 * An audit as the object of a SARIF file.
 * @param rules all that were asked; each becomes a rule with help, whether it found anything or not
 */
export function sarifLog(report: AuditReport, rules: readonly RuleText[]): Log {
  const { archives, housekeeping } = report;
  const indexes = new Map(rules.map(({ id }, at) => [id, at]));
  const artifacts = new Map(archives.map(({ path }, at) => [path, at]));
  const results = [
    ...archives.flatMap((archive) =>
      archive.findings.map((finding) => toResult(finding, archive, indexes, artifacts)),
    ),
    ...housekeeping.map((finding) => toResult(finding, null, indexes, artifacts)),
  ];
  return {
    ...sarifHead,
    runs: [
      {
        ...runHead(rules),
        invocations: [toInvocation(report)],
        artifacts: archives.map((archive) => toArtifact(archive)),
        results,
      },
    ],
  };
}

function toRule({
  id,
  title,
  severity,
  looksAt,
  why,
  remedy,
  references,
}: RuleText): ReportingDescriptor {
  const score = securitySeverity[severity];
  const sources = references ?? [];
  return {
    id,
    name: id.replace(/(?:^|[/-])([a-z0-9])/g, (_all, first: string) => first.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: {
      text: [why, `Looks at: ${looksAt}.`, `What to do: ${remedy}`, ...sources].join("\n"),
      markdown: [
        why,
        `**Looks at:** ${looksAt}`,
        `**What to do:** ${remedy}`,
        ...(sources.length === 0 ? [] : [sources.map((url) => `- <${url}>`).join("\n")]),
      ].join("\n\n"),
    },
    defaultConfiguration: { level: levels[severity].level, rank: levels[severity].rank },
    properties: {
      tags: ["security", id.slice(0, id.indexOf("/"))],
      ...(score === null ? {} : { "security-severity": score }),
    },
  };
}

/**
 * @param rules numbers of the rules in the run, and `artifacts` of the archives by their paths
 * @param node on which the archive lies, in a report of many
 */
export function toResult(
  finding: Finding,
  archive: ArchiveAudit | null,
  rules: ReadonlyMap<string, number>,
  artifacts: ReadonlyMap<string, number>,
  node: string | null = null,
): Result {
  const { ruleId, severity, message, remedy, places, fingerprint, group, secret, facts } = finding;
  const index = rules.get(ruleId);
  const locate = (place: (typeof places)[number], id?: number) =>
    sarifLocation(place, { archive: archive?.path, artifacts, node }, id);
  const [first, ...others] = places;
  // GitHub shows nothing that lies nowhere.
  const location = locate(first ?? {});
  return {
    ruleId,
    ...(index === undefined ? {} : { ruleIndex: index }),
    ...levels[severity],
    message: { text: `${sarifText(message)}\n${sarifText(remedy)}` },
    locations: location === undefined ? [] : [location],
    relatedLocations: others.flatMap((place, at) => locate(place, at + 1) ?? []),
    partialFingerprints: {
      "cryoscopeFinding/v1": fingerprint,
      ...(secret === null ? {} : { "cryoscopeSecret/v1": secret.fingerprint }),
    },
    suppressions: toSuppressions(finding),
    properties: {
      ...(node === null ? {} : { node: sanitize(node) }),
      severity,
      group,
      facts,
      ...(secret === null ? {} : { detector: secret.detector }),
      ...(archive === null ? {} : { container: whose(archive) }),
    },
  };
}

function whose({ engine, id, namespace, pod, container, image, checkpointedAt }: ArchiveAudit) {
  return { engine, id, namespace, pod, container, image, checkpointedAt };
}

/** None is said as well: a result without the list may be suppressed for all that SARIF knows. */
function toSuppressions({ allowed }: Finding): Suppression[] {
  if (allowed === null) return [];
  const { reason, expires } = allowed;
  const until = expires === null ? "" : ` (until ${expires})`;
  return [{ kind: "external", status: "accepted", justification: sanitize(`${reason}${until}`) }];
}

export function toArtifact(
  { path, sizeBytes, custody }: ArchiveAudit,
  node: string | null = null,
): Artifact {
  const sha256 = custody?.archiveSha256 ?? null;
  return {
    location: { uri: fileUri(path, node) },
    ...(sizeBytes === null ? {} : { length: sizeBytes }),
    ...(sha256 === null ? {} : { hashes: { "sha-256": sha256 } }),
    roles: ["analysisTarget"],
  };
}

function toInvocation({ archives, problems, auditedAt }: AuditReport): Invocation {
  const whole = archives.every((archive) => archive.fault === null && !isPartly(archive));
  return {
    executionSuccessful: whole,
    startTimeUtc: auditedAt,
    toolExecutionNotifications: archives.flatMap((archive) => archiveNotifications(archive)),
    toolConfigurationNotifications: problems.map((problem) => toNotification(problem, undefined)),
  };
}

export function archiveNotifications(
  { path, fault, problems }: ArchiveAudit,
  node: string | null = null,
): Notification[] {
  const told = problems.map((problem) => toNotification(problem, path, node));
  if (fault === null) return told;
  const { kind, code, message } = fault;
  const problem = { severity: "error" as const, code: code ?? kind, message };
  return [toNotification(problem, path, node), ...told];
}

export function toNotification(
  { severity, code, message, where }: Problem,
  path: string | undefined,
  node: string | null = null,
): Notification {
  const { member, entry, offset } = where ?? {};
  const location = sarifLocation(
    {
      ...(member === undefined ? {} : { member }),
      ...(entry === undefined ? {} : { entry }),
      ...(offset === undefined ? {} : { offset }),
    },
    { archive: where?.path ?? path, artifacts: new Map(), node },
  );
  return {
    level: severity,
    message: { text: sarifText(message) },
    descriptor: { id: code },
    ...(location === undefined ? {} : { locations: [location] }),
  };
}
