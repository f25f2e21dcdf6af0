import type { AuditOrigin } from "../../../audit/audit.ts";
import { closedAudit } from "../../../audit/audit-archive.ts";
import type { Policy } from "../../../audit/policy/policy.ts";
import { auditArchives, type RunOptions } from "../../../audit/run/audit-archives.ts";
import type { SeenArchive } from "../../../audit/run/state.ts";
import { UsageError } from "../../../base/errors.ts";
import { isRemote, shownName } from "../../../base/remote-name.ts";
import { sanitize } from "../../../base/text.ts";
import { openCheckpoint } from "../../../checkpoint/open-checkpoint.ts";
import { beforeFetching } from "../../fetching.ts";
import type { Io } from "../../io.ts";
import { checkpointOptions, openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printPieces } from "../../output.ts";
import { faultText } from "../../print-fault.ts";
import { Progress } from "../../progress.ts";
import { callerOf } from "./caller.ts";
import { ReportCollector } from "./collect.ts";
import { auditExitCode } from "./exit-code.ts";
import { Memory } from "./memory.ts";
import type { AuditCommandOptions } from "./options.ts";
import { originOf } from "./origin.ts";
import { checkOutputs, dropAll, openReports, optionsFor, writeReports } from "./outputs.ts";
import { policyOf } from "./policy.ts";
import { renderReport } from "./render.ts";
import { findTargets, sinceTime, type Target, writtenSince } from "./targets.ts";

/** @param paths archives, folders of them, or `-` */
export async function runAudit(
  paths: readonly string[],
  options: AuditCommandOptions,
  io: Io,
): Promise<number> {
  checkOptions(options);
  const policy = await policyOf(options);
  if (options.printPolicy === true) {
    const { printPolicy } = await import("../../../audit/policy/print-policy.ts");
    await printPieces([printPolicy(policy)], options.outputFile, io);
    return 0;
  }
  if (options.prune === true) {
    const elsewhere = paths.find(isRemote);
    if (elsewhere !== undefined) {
      throw new UsageError({
        what: "--prune removes files of this machine alone",
        found: shownName(elsewhere),
        allowed: "folders",
      });
    }
    const { runPrune } = await import("./prune.ts");
    return runPrune(paths, policy, options, io);
  }
  return audit(paths, policy, options, io);
}

/** What says nothing in this combination would be taken for something that was done. */
function checkOptions(options: AuditCommandOptions): void {
  const wrong = (what: string, next: string): UsageError => new UsageError({ what, next });
  if (options.changedOnly === true && options.state === undefined) {
    throw wrong("--changed-only needs to know what was seen", "add --state FILE");
  }
  if (options.yes === true && options.prune !== true) {
    throw wrong("--yes belongs to --prune", "cryoscope audit --help");
  }
  checkOutputs(options);
  if (options.summary === true && options.output !== "table" && options.output !== "wide") {
    throw wrong(
      "--summary is a table",
      `leave it out: ${options.output} has everything that it sums up`,
    );
  }
}

async function audit(
  paths: readonly string[],
  policy: Policy,
  options: AuditCommandOptions,
  io: Io,
): Promise<number> {
  const now = io.now();
  const since =
    options.since === undefined ? Number.NEGATIVE_INFINITY : sinceTime(options.since, now);
  const memory = await Memory.open(options, policy, now);
  const found = await findTargets(paths);
  for (const { fault } of found.missed) await io.err.write(faultText(fault, io));
  if (found.targets.length + found.missed.length === 0 && options.quiet !== true) {
    await io.err.write(`No checkpoints in ${sanitize(paths.map(shownName).join(", "))}\n`);
  }
  // Made before the work, so that an audit of hours does not end without a place for its report.
  const origin = await originOf(paths, options, io);
  const outputs = await openReports(options, { node: origin.node ?? "", now }, io);
  try {
    const run = await runOptions(policy, options, now, io);
    const quiet = options.quiet === true;
    const someRules = options.rule !== undefined || options.skip !== undefined || !options.memory;
    const choice = { since, memory, origin, quiet, someRules };
    const { report, household, rules } = await collect(found, run, choice, io);
    const figures = { ...household, rules, startedAt: now, endedAt: io.now() };
    await writeReports(outputs, (to) =>
      renderReport({ report, figures }, policy, optionsFor(options, to), io),
    );
    // What was not written everywhere is looked at again.
    await memory.save(io);
    return auditExitCode(report);
  } finally {
    await dropAll(outputs);
  }
}

/** What an audit fetches of one archive unless it is told: one is often given many. */
const mostFetched = 10 * 1024 ** 3;

/** Which archives are due, and what is asked of them. */
interface Choice {
  since: number;
  memory: Memory;
  origin: AuditOrigin;
  quiet: boolean;
  /** Are some rules not asked, so that nobody can say which allowances fit nothing? */
  someRules: boolean;
}

/** Audits what is due, and makes the report of it. */
async function collect(
  { targets, missed }: Awaited<ReturnType<typeof findTargets>>,
  run: RunOptions,
  { since, memory, origin, quiet, someRules }: Choice,
  io: Io,
): ReturnType<ReportCollector["report"]> {
  const { policy, now } = run;
  const due: Target[] = [];
  const known: [path: string, seen: SeenArchive][] = [];
  for (const target of targets.filter((each) => writtenSince(each, since))) {
    const seen = memory.unchanged(target);
    if (seen === undefined) due.push(target);
    else known.push([target.path, seen]);
  }
  const whole = !someRules && due.length === targets.length;
  const collector = new ReportCollector(policy, now, origin, whole);
  for (const [path, seen] of known) collector.pass(path, seen);
  const progress = new Progress(io, "", quiet);
  let at = 0;
  let looked = 0;
  const told: Partial<RunOptions> = {
    begun: (path) => {
      at += 1;
      progress.count(`auditing ${sanitize(shownName(path))}`, at, due.length);
    },
  };
  // Of many archives, how many tells more.
  if (due.length === 1) {
    told.progress = (bytes) => {
      looked += bytes;
      progress.pass({ read: looked, total: undefined });
    };
  }
  const byPath = new Map<string, Target>(due.map((target) => [target.path, target]));
  try {
    for await (const one of auditArchives([...byPath.keys()], { ...run, ...told })) {
      memory.remember(one, byPath.get(one.path));
      collector.add(one);
    }
  } finally {
    await progress.end();
  }
  for (const { path, fault } of missed) {
    // A path that leads nowhere is no archive with a fault of its own.
    collector.add({ ...(await closedAudit(path, fault, run)), findings: [] });
  }
  return collector.report(targets);
}

async function runOptions(
  policy: Policy,
  options: AuditCommandOptions,
  now: number,
  io: Io,
): Promise<RunOptions> {
  const common = options as CommonOptions;
  // What memory holds, and hashes, are learned of all bytes alone.
  const all = options.memory || options.custody === true;
  const bounded = { ...common, maxDownload: common.maxDownload ?? mostFetched };
  return {
    policy,
    now,
    memory: options.memory,
    reveal: options.reveal === true,
    details: [options, ...(options.report ?? []).map(({ format }) => ({ output: format }))].some(
      ({ output }) => output === "html",
    ),
    open: checkpointOptions(bounded, io),
    opener: async (path, open) => {
      if (path === "-") return openTarget(path, common, io);
      const checkpoint = await openCheckpoint(path, open);
      if (!isRemote(path) || !all) return checkpoint;
      try {
        await beforeFetching(checkpoint, bounded, io);
      } catch (error) {
        await checkpoint.close();
        throw error;
      }
      return checkpoint;
    },
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    ...(options.custody === true ? { custody: await callerOf(options.typed) } : {}),
  };
}
