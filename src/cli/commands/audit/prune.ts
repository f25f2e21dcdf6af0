import { planPrune } from "../../../audit/housekeeping/plan.ts";
import { carryOut } from "../../../audit/housekeeping/prune.ts";
import { type SurveyedHolding, surveyArchives } from "../../../audit/housekeeping/survey.ts";
import type { Policy } from "../../../audit/policy/policy.ts";
import { UsageError } from "../../../base/errors.ts";
import { sanitize } from "../../../base/text.ts";
import { quietPrune, renderPrune } from "../../../report/prune-view.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { checkpointOptions } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { faultText } from "../../print-fault.ts";
import { Progress } from "../../progress.ts";
import type { AuditCommandOptions } from "./options.ts";
import { findTargets } from "./targets.ts";

/** Plans what the policy's limits would delete, and deletes it where that was asked for. */
export async function runPrune(
  paths: readonly string[],
  policy: Policy,
  options: AuditCommandOptions,
  io: Io,
): Promise<number> {
  const common = plainOptions(options);
  const { targets, missed } = await findTargets(paths);
  for (const { fault } of missed) await io.err.write(faultText(fault, io));
  const progress = new Progress(io, "", options.quiet === true);
  const holdings: SurveyedHolding[] = [];
  const names = targets.map(({ path }) => path);
  for await (const holding of surveyArchives(names, policy.keep, checkpointOptions(common, io))) {
    holdings.push(holding);
    progress.count(`looking at ${sanitize(holding.path)}`, holdings.length, names.length);
  }
  await progress.end();
  const refused = holdings.filter(({ path, stays }) => paths.includes(path) && isShut(stays));
  for (const { path, stays } of refused) {
    await io.err.write(sanitize(`cryoscope: ${path} stays: ${stays?.detail ?? ""}`).concat("\n"));
  }
  const planned = planPrune(holdings, policy, io.now());
  const plan = options.yes === true ? await carryOut(planned, holdings) : planned;
  await printResult(
    plan,
    (table) => (options.quiet === true ? quietPrune(plan) : renderPrune(plan, table)),
    common,
    io,
  );
  const failed = refused.length > 0 || plan.delete.some(({ failure }) => failure !== null);
  const [first] = missed;
  if (first !== undefined) return exitCodes[first.fault.kind];
  return failed ? exitCodes.refused : exitCodes.fine;
}

/** Of what somebody named, silence would be taken for a plan of it: a link to a folder, say. */
function isShut(stays: SurveyedHolding["stays"]): boolean {
  return stays?.reason === "not-private" || stays?.reason === "not-a-checkpoint";
}

/** A plan is a table or a document, of archives that have a path. */
function plainOptions({ output, ...options }: AuditCommandOptions): CommonOptions {
  if (output !== "table" && output !== "wide" && output !== "json" && output !== "yaml") {
    throw new UsageError({
      what: `--prune has no ${output} form`,
      allowed: "table, wide, json, yaml",
      next: "cryoscope audit --help",
    });
  }
  return { ...options, output };
}
