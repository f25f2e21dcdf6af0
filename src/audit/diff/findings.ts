import { auditCheckpoint } from "../audit-checkpoint.ts";
import type { Finding, FindingPlace } from "../finding.ts";
import { defaultPolicy } from "../policy/policy.ts";
import { type Severity, severities } from "../severity.ts";
import { inOrder } from "./change.ts";
import type { Pairing } from "./pairing.ts";

/** A finding that only one of the two has. */
export interface FindingChange {
  change: "came" | "went";
  ruleId: string;
  severity: Severity;
  title: string;
  message: string;
  remedy: string;
  fingerprint: string;
  places: readonly FindingPlace[];
}

/**
 * Audits both by the policy of those who have none, and tells which findings only one has.
 * @param now in milliseconds since 1970
 * @param memory look through memory for secrets too
 */
export async function compareFindings(
  { before, after, reveal }: Pairing,
  { now, memory }: { now: number; memory: boolean },
): Promise<FindingChange[]> {
  const options = { policy: defaultPolicy, now, memory, reveal };
  const one = await auditCheckpoint(before, options);
  const two = await auditCheckpoint(after, options);
  const fingerprints = (findings: readonly Finding[]): Set<string> =>
    new Set(findings.map(({ fingerprint }) => fingerprint));
  const [old, fresh] = [fingerprints(one.findings), fingerprints(two.findings)];
  const only = (
    change: FindingChange["change"],
    findings: readonly Finding[],
    others: ReadonlySet<string>,
  ): FindingChange[] =>
    findings
      .filter(({ fingerprint }) => !others.has(fingerprint))
      .map(({ ruleId, severity, title, message, remedy, fingerprint, places }) => ({
        change,
        ruleId,
        severity,
        title,
        message,
        remedy,
        fingerprint,
        places,
      }));
  return [...only("came", two.findings, old), ...only("went", one.findings, fresh)].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      inOrder(a.ruleId, b.ruleId) ||
      inOrder(a.message, b.message) ||
      inOrder(a.fingerprint, b.fingerprint),
  );
}
