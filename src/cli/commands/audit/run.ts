import { type ArchiveAudit, auditReport } from "../../../audit/audit.ts";
import { defaultPolicy } from "../../../audit/policy/policy.ts";
import { auditArchives, type RunOptions } from "../../../audit/run/audit-archives.ts";
import type { Severity } from "../../../audit/severity.ts";
import { formatTime } from "../../../base/time.ts";
import { findArchives } from "../../../checkpoint/find-archives.ts";
import { openCheckpoint } from "../../../checkpoint/open-checkpoint.ts";
import type { Io } from "../../io.ts";
import { checkpointOptions, openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { auditExitCode } from "./exit-code.ts";

export interface AuditCommandOptions extends Omit<CommonOptions, "output"> {
  output: CommonOptions["output"] | "sarif" | "junit" | "html";
  failOn?: Severity | "none";
  policy?: string;
  printPolicy?: boolean;
  rule?: string[];
  skip?: string[];
  memory: boolean;
  summary?: boolean;
  since?: string;
  changedOnly?: boolean;
  state?: string;
  jobs?: number;
  custody?: boolean;
  prune?: boolean;
  yes?: boolean;
  /** The words of the command line. */
  typed: readonly string[];
}

export async function runAudit(
  paths: readonly string[],
  options: AuditCommandOptions,
  io: Io,
): Promise<number> {
  const policy = defaultPolicy;
  const failOn = options.failOn ?? policy.failOn;
  const now = io.now();
  const run: RunOptions = {
    policy,
    now,
    memory: options.memory,
    reveal: options.reveal === true,
    open: checkpointOptions(options as CommonOptions),
    jobs: options.jobs ?? 1,
    opener: (path, open) =>
      path === "-" ? openTarget(path, options as CommonOptions, io) : openCheckpoint(path, open),
  };
  const archives: ArchiveAudit[] = [];
  for await (const audit of auditArchives(await findArchives(paths), run)) archives.push(audit);
  const auditedAt = formatTime(now);
  const report = auditReport({ failOn, auditedAt, archives, housekeeping: [] });
  await printResult(report, () => "", options as CommonOptions, io);
  return auditExitCode(report);
}
