import { checkReports, mergeReports } from "../../../audit/merge/merge.ts";
import { holdBudget, type SurveyedReport, surveyFile } from "../../../audit/merge/survey.ts";
import { Fault, UsageError } from "../../../base/errors.ts";
import { sanitize } from "../../../base/text.ts";
import { formatTime } from "../../../base/time.ts";
import type { Io } from "../../io.ts";
import { faultText } from "../../print-fault.ts";
import { Progress } from "../../progress.ts";
import { mergedExitCode } from "./exit-code.ts";
import { findReports, openReportAt } from "./merge-files.ts";
import { renderMerged } from "./merge-render.ts";
import type { AuditCommandOptions } from "./options.ts";
import { checkOutputs, dropAll, openReports, optionsFor, writeReports } from "./outputs.ts";

/** Where nobody says otherwise, as in the default policy. */
const usualFailOn = "high";
/** Faults that are told on stderr one by one; the report has more of them. */
const mostTold = 20;

/** `audit --merge`: one report of the reports of many nodes. @param paths reports, folders, or `-` */
export async function runMerge(
  paths: readonly string[],
  options: AuditCommandOptions,
  io: Io,
): Promise<number> {
  checkMergeOptions(paths, options);
  checkOutputs(options);
  const failOn = options.failOn ?? usualFailOn;
  const { surveyed, missed } = await survey(paths, options.quiet === true, io);
  const now = io.now();
  const outputs = await openReports(options, { node: "merged", now }, io);
  try {
    const merged = await mergeReports(surveyed, missed);
    await tellFaults(merged.faults, io);
    if (merged.sources.length === 0 && merged.faults.length === 0 && options.quiet !== true) {
      await io.err.write(`No reports in ${sanitize(paths.join(", "))}\n`);
    }
    const told = { failOn, now: formatTime(now) };
    await writeReports(outputs, (to) => renderMerged(merged, told, optionsFor(options, to), io));
    return mergedExitCode(merged, failOn);
  } finally {
    await dropAll(outputs);
  }
}

/** Reads all reports once. */
async function survey(
  paths: readonly string[],
  quiet: boolean,
  io: Io,
): Promise<{ surveyed: SurveyedReport[]; missed: Fault[] }> {
  const { files, missed } = await findReports(paths);
  const progress = new Progress(io, "", quiet);
  const surveyed: SurveyedReport[] = [];
  const budget = holdBudget();
  try {
    for (const [at, path] of files.entries()) {
      progress.count(`reading ${sanitize(path)}`, at + 1, files.length);
      try {
        for await (const report of surveyFile(await openReportAt(path, io), budget)) {
          surveyed.push(report);
          checkReports(surveyed.length);
        }
      } catch (fault) {
        if (!(fault instanceof Fault) || fault.detail.code === "many-reports") throw fault;
        missed.push(fault);
      }
    }
  } finally {
    await progress.end();
  }
  return { surveyed, missed };
}

async function tellFaults(faults: readonly Fault[], io: Io): Promise<void> {
  for (const fault of faults.slice(0, mostTold)) await io.err.write(faultText(fault, io));
  const more = faults.length - mostTold;
  if (more > 0)
    await io.err.write(`and ${more} more reports or parts of reports that are not read\n`);
}

/** What asks something of archives says nothing of reports. */
function checkMergeOptions(paths: readonly string[], options: AuditCommandOptions): void {
  if (paths.length === 0) {
    throw new UsageError({
      what: "--merge needs reports",
      allowed: "files of cryoscope audit -o json, folders of them, - for standard input",
      next: "cryoscope audit --merge DIR",
    });
  }
  const asked: [name: string, given: boolean][] = [
    ["--policy", options.policy !== undefined],
    ["--rule", options.rule !== undefined],
    ["--skip", options.skip !== undefined],
    ["--since", options.since !== undefined],
    ["--changed-only", options.changedOnly === true],
    ["--state", options.state !== undefined],
    ["--custody", options.custody === true],
    ["--reveal", options.reveal === true],
    ["--no-memory", !options.memory],
    ["--node", options.node !== undefined],
    ["--every", options.every !== undefined],
  ];
  const wrong = asked.find(([, given]) => given)?.[0];
  if (wrong === undefined) return;
  throw new UsageError({
    what: `${wrong} says nothing of reports that are there already`,
    next: "give it to the audits, and merge what they print",
  });
}
