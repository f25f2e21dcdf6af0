import { evaluate } from "../../src/audit/evaluate.ts";
import type { Finding } from "../../src/audit/finding.ts";
import { defaultPolicy, type Policy } from "../../src/audit/policy/policy.ts";
import type { Rule } from "../../src/audit/rule.ts";
import { hostileRules } from "../../src/audit/rules/hostile.ts";
import { integrityRules } from "../../src/audit/rules/integrity.ts";
import { lockedDownRules } from "../../src/audit/rules/locked-down.ts";
import { Subject } from "../../src/audit/subject.ts";
import { type CheckpointOptions, openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";

/** A time shortly after the samples were made. */
export const sampleTime: number = Date.parse("2026-11-22T06:00:00Z");

/** Rules about what an archive is, without those about what runs in it. */
export const archiveRules: readonly Rule[] = [...integrityRules, ...hostileRules];

interface Asking {
  rules?: readonly Rule[];
  policy?: Policy;
  now?: number;
  open?: CheckpointOptions;
}

/** What rules find in an archive, read as its owner's. */
export async function findingsOf(path: string, asking: Asking = {}): Promise<Finding[]> {
  const checkpoint = await openCheckpoint(path, { permissions: "owner", ...asking.open });
  try {
    const subject = new Subject(checkpoint, {
      policy: asking.policy ?? defaultPolicy,
      now: asking.now ?? sampleTime,
      memory: false,
      reveal: false,
    });
    const { findings, problems } = await evaluate(subject, asking.rules ?? archiveRules);
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join("\n"));
    return findings;
  } finally {
    await checkpoint.close();
  }
}

/** The rules that fire, each once, sorted. */
export function rulesOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ ruleId }) => ruleId))].sort();
}

/** What rules about where an archive lies find, whatever its owner and mode. */
export function lockFindings(path: string, asking: Asking = {}): Promise<Finding[]> {
  return findingsOf(path, { rules: lockedDownRules, open: { permissions: "any" }, ...asking });
}
