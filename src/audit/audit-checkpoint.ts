import { ProblemLog } from "../base/problem.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { ArchiveAudit } from "./audit.ts";
import { type Caller, takeCustody } from "./custody.ts";
import { gatherDetails } from "./details.ts";
import { evaluate } from "./evaluate.ts";
import { applyAllowances } from "./policy/allow.ts";
import { archiveRules } from "./rules.ts";
import { Subject, type SubjectOptions } from "./subject.ts";

export interface AuditOptions extends SubjectOptions {
  /** Who takes the archive into custody; its bytes are hashed then. */
  custody?: Caller;
  /** Gather what a page for hand-over draws besides. */
  details?: boolean;
}

/**
 * Asks one open checkpoint what is wrong with it. Reads page images only where `memory` is set, or
 * custody is taken.
 * @returns findings gravest first, those that the policy allows marked; never throws for what an
 * archive holds.
 */
export async function auditCheckpoint(
  checkpoint: Checkpoint,
  options: AuditOptions,
): Promise<ArchiveAudit> {
  const { archive } = checkpoint;
  const subject = new Subject(checkpoint, options);
  const { findings, problems: unasked } = await evaluate(subject, archiveRules);
  const { engine } = await checkpoint.runtime();
  const identity = await checkpoint.identity();
  const details = options.details === true ? await gatherDetails(checkpoint, options) : undefined;
  const problems = new ProblemLog();
  const custody = await attempt(problems, async () =>
    options.custody === undefined ? null : takeCustody(archive, options.custody, options),
  );
  for (const problem of [...checkpoint.problems, ...unasked]) problems.add(problem);
  return {
    path: archive.path,
    sizeBytes: archive.sizeBytes ?? null,
    engine,
    id: identity.id ?? null,
    container: identity.name ?? null,
    pod: identity.pod ?? null,
    namespace: identity.namespace ?? null,
    image: identity.image ?? null,
    checkpointedAt: identity.checkpointedAt ?? null,
    findings: applyAllowances(findings, options.policy, options.now),
    problems: problems.list(),
    fault: null,
    memorySearched: options.memory,
    custody,
    ...(details === undefined ? {} : { details }),
  };
}

/** A hash that cannot be taken takes nothing else away. */
async function attempt<T>(problems: ProblemLog, make: () => Promise<T>): Promise<T | null> {
  try {
    return await make();
  } catch (error) {
    problems.addFault("no-custody", error);
    return null;
  }
}
