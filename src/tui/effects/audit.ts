import type { ArchiveAudit } from "../../audit/audit.ts";
import { UsageError } from "../../base/errors.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { Handler } from "./handler.ts";
import { searching } from "./hunt-progress.ts";
import { placeRow } from "./place-rows.ts";
import { SharedJobs, type Waiting } from "./shared-jobs.ts";

const audits = new SharedJobs<ArchiveAudit>();

interface Asked {
  memory: boolean;
  reveal: boolean;
  now: number;
}

/** Audits by the policy of those who have none. The rules are loaded when they are first asked. */
function audit(
  checkpoint: Checkpoint,
  { memory, reveal, now }: Asked,
  waiting: Waiting,
): Promise<ArchiveAudit> {
  const make = async (progress: (bytes: number) => void): Promise<ArchiveAudit> => {
    const { auditCheckpoint } = await import("../../audit/audit-checkpoint.ts");
    const { defaultPolicy } = await import("../../audit/policy/policy.ts");
    return auditCheckpoint(checkpoint, { policy: defaultPolicy, memory, reveal, now, progress });
  };
  return audits.ask(checkpoint, `${memory} ${reveal}`, make, waiting);
}

/** What the rules find. Memory is looked through only where that is asked for. */
export const answerAudit: Handler<"audit"> = async (asked, services, call) => {
  const checkpoint = await services.checkpoints.get(asked.path);
  const waiting = await searching(checkpoint, asked.memory, call);
  const { findings, problems } = await audit(checkpoint, asked, waiting);
  const rows = findings.map((it) => ({
    fingerprint: it.fingerprint,
    ruleId: it.ruleId,
    severity: it.severity,
    title: it.title,
    message: it.message,
    places: it.places.length,
    allowed: it.allowed !== null,
  }));
  return { rows, memory: asked.memory, searched: 0, total: 0, problems };
};

/** One finding of the audit that was just made, with why it matters and where it is. */
export const answerFinding: Handler<"finding"> = async (asked, services, { signal }) => {
  const checkpoint = await services.checkpoints.get(asked.path);
  const { findings } = await audit(checkpoint, asked, { signal, progress: () => {} });
  const finding = findings.find(({ fingerprint }) => fingerprint === asked.fingerprint);
  if (finding === undefined) {
    throw new UsageError({ what: "the audit does not find this any more", next: "go back" });
  }
  const { archiveRules } = await import("../../audit/rules.ts");
  const rule = archiveRules.find(({ id }) => id === finding.ruleId);
  return {
    finding,
    rule: rule === undefined ? null : textOf(rule),
    places: finding.places.map((place) => placeRow(checkpoint, place)),
  };
};

/** A rule without what cannot cross between threads. */
function textOf<Rule extends { evaluate: unknown }>({
  evaluate,
  ...text
}: Rule): Omit<Rule, "evaluate"> {
  return text;
}
