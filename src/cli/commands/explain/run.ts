import { canonicalName, type TarMember } from "../../../archive/member.ts";
import { apiVersion } from "../../../base/document.ts";
import { ArchiveError, UsageError } from "../../../base/errors.ts";
import { ProblemLog } from "../../../base/problem.ts";
import { quote } from "../../../base/shell.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import type { LogExplanation, RunExplanation } from "../../../diagnose/log/explanation.ts";
import { type LogRead, readLog } from "../../../diagnose/log/read-log.ts";
import { quietExplanation, renderExplanation } from "../../../report/explanation-view.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { openPipeTarget, openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";
import { openLogFile, peekInput } from "./log-input.ts";

export interface ExplainCommandOptions extends CommonOptions {
  log?: string;
  context: number;
  timeline?: boolean;
}

/** Exit code 1 where a log tells of an error, known or not, or breaks off. */
export async function runExplain(
  path: string,
  options: ExplainCommandOptions,
  io: Io,
): Promise<number> {
  const document = await explain(path, options, io);
  await printResult(
    document,
    (table) =>
      options.quiet === true
        ? quietExplanation(document)
        : renderExplanation(document, options.timeline === true, table),
    options,
    io,
  );
  const damage = await verdict(document.problems, io);
  if (damage !== exitCodes.fine) return damage;
  return document.items.some(isWrong) ? exitCodes.findings : exitCodes.fine;
}

const isWrong = ({ outcome, finding }: RunExplanation): boolean =>
  finding !== null || outcome === "failed" || outcome === "cut";

async function explain(
  path: string,
  options: ExplainCommandOptions,
  io: Io,
): Promise<LogExplanation> {
  const problems = new ProblemLog();
  const items =
    path === "-"
      ? await explainInput(options, io, problems)
      : await explainFile(path, options, io, problems);
  return {
    apiVersion,
    kind: "LogExplanation",
    path,
    items,
    problems: problems.list(),
  };
}

async function explainFile(
  path: string,
  options: ExplainCommandOptions,
  io: Io,
  problems: ProblemLog,
): Promise<RunExplanation[]> {
  const log = await openLogFile(path);
  if (log === undefined) {
    return explainArchive(await openTarget(path, options, io), options, problems);
  }
  try {
    requirePlain(path, options);
    return runsOf(path, await readLog(path, log.bytes, readOptions(options)), problems);
  } finally {
    await log.close();
  }
}

async function explainInput(
  options: ExplainCommandOptions,
  io: Io,
  problems: ProblemLog,
): Promise<RunExplanation[]> {
  const { log, bytes } = await peekInput(io);
  if (!log) return explainArchive(await openPipeTarget(bytes, options, io), options, problems);
  requirePlain("-", options);
  return runsOf("-", await readLog("-", bytes, readOptions(options)), problems);
}

const readOptions = ({ context, reveal }: ExplainCommandOptions) => ({
  context,
  reveal: reveal === true,
});

function requirePlain(path: string, { log }: ExplainCommandOptions): void {
  if (log === undefined) return;
  throw new UsageError({
    what: `--log ${log} names a log in an archive, and ${path} is a log itself`,
    next: "leave --log out",
  });
}

/** What was read of a text, with what is wrong with it. */
function runsOf(path: string, read: LogRead, problems: ProblemLog): RunExplanation[] {
  if (!read.recognised) {
    throw new ArchiveError({
      what: read.bytes === 0 ? "the log is empty" : "this is no log that we can read",
      where: { path },
      found: read.bytes === 0 ? "no byte" : "no line of CRIU's, and no known word of a runtime's",
      allowed: "dump.log or restore.log of CRIU, or what a runtime or a kubelet said",
      next: 'have CRIU keep its log: put the line "log-file /tmp/criu.log" into /etc/criu/runc.conf (crun: /etc/criu/crun.conf)',
    });
  }
  noteCut(path, read, problems);
  return read.runs;
}

function noteCut(log: string, { cutLines }: LogRead, problems: ProblemLog): void {
  if (cutLines === 0) return;
  const message = `${cutLines} lines of ${log} are longer than 16 KiB; their ends were not read`;
  problems.add({ severity: "note", code: "long-lines", message });
}

async function explainArchive(
  checkpoint: Checkpoint,
  options: ExplainCommandOptions,
  problems: ProblemLog,
): Promise<RunExplanation[]> {
  try {
    const items: RunExplanation[] = [];
    for (const member of logsOf(checkpoint, options.log)) {
      items.push(...(await explainMember(checkpoint, member, options, problems)));
    }
    for (const problem of checkpoint.archive.problems) problems.add(problem);
    return items;
  } finally {
    await checkpoint.close();
  }
}

async function explainMember(
  checkpoint: Checkpoint,
  member: TarMember,
  options: ExplainCommandOptions,
  problems: ProblemLog,
): Promise<RunExplanation[]> {
  const name = canonicalName(member.name);
  try {
    const bytes = checkpoint.archive.open(member).stream();
    const read = await readLog(name, bytes, readOptions(options));
    noteCut(name, read, problems);
    return read.runs;
  } catch (error) {
    problems.addFault("broken-log", error, { member: name });
    return [];
  }
}

/** Logs that CRIU writes, as the runtimes and people name them. */
const criuLog = /(?:^|\/)(?:pre-?dump|dump|restore|criu[\w-]*)\.log$/;

/** Logs beyond these are not read: archives have two. */
const mostLogs = 16;

function logsOf({ archive }: Checkpoint, wanted: string | undefined): TarMember[] {
  if (wanted !== undefined) {
    const member = archive.find(canonicalName(wanted));
    if (member !== undefined) return [member];
  }
  const found: TarMember[] = [];
  for (const name of wanted === undefined ? archive.names() : []) {
    const member = criuLog.test(name) ? archive.find(name) : undefined;
    if (member?.type === "file" && found.length < mostLogs) found.push(member);
  }
  if (found.length > 0) return found;
  throw new ArchiveError({
    what: wanted === undefined ? "the archive holds no log of CRIU's" : `there is no log ${wanted}`,
    where: { path: archive.path },
    allowed:
      "dump.log or restore.log, which CRI-O and containerd put into archives and Podman does not",
    next: `see what there is: cryoscope images ${quote(archive.path)}`,
  });
}
