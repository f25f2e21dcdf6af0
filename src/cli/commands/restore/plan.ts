import { statSync } from "node:fs";
import { InterruptedError, UsageError } from "../../../base/errors.ts";
import { type ClusterWish, logInTo, wishesCluster } from "../../../kubelet/cluster/access.ts";
import { apiNodeFacts } from "../../../node/api.ts";
import type { NodeFacts } from "../../../node/facts.ts";
import { answersOf } from "../../../node/from-cluster.ts";
import { gatherPlace, type Place } from "../../../node/gather-place.ts";
import { readNodeFile } from "../../../node/node-file.ts";
import { quietPlan, renderPlan } from "../../../report/restore-plan-view.ts";
import { restoreNeeds } from "../../../restore/needs.ts";
import { planRestore } from "../../../restore/plan/plan.ts";
import type { RestoreRuntime } from "../../../restore/plan/row.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";

export interface PlanCommandOptions extends CommonOptions, ClusterWish {
  node?: string;
  nodeFile?: string;
  host?: boolean;
  root?: string;
  runtime?: RestoreRuntime;
}

/**
 * Exit code 1 where something required says no, 3 where something required cannot be told of the
 * place that was named, or where the archive has errors.
 */
export async function runPlan(path: string, options: PlanCommandOptions, io: Io): Promise<number> {
  checkTarget(options);
  const checkpoint = await openTarget(path, options, io);
  try {
    const needs = await restoreNeeds(checkpoint);
    const { facts, look } = await targetOf(options, io);
    const plan = planRestore(needs, facts, {
      now: io.now(),
      problems: checkpoint.problems,
      ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
      ...(look === undefined ? {} : { look }),
    });
    const table = options.quiet === true ? () => quietPlan(plan) : undefined;
    await printResult(plan, table ?? ((style) => renderPlan(plan, style)), options, io);
    const broken = await verdict(checkpoint.problems, io);
    if (plan.answer === "no") return exitCodes.findings;
    if (broken !== exitCodes.fine) return broken;
    // Without a place nothing was asked that could be told.
    return plan.answer === "yes" || facts === undefined ? exitCodes.fine : exitCodes.archive;
  } finally {
    await checkpoint.close();
  }
}

function checkTarget(options: PlanCommandOptions): void {
  const { node, nodeFile, host, root } = options;
  const named = [
    node !== undefined && nodeFile === undefined ? "--node" : undefined,
    nodeFile === undefined ? undefined : "--node-file",
    host === true ? "--host" : undefined,
    root === undefined ? undefined : "--root",
  ].filter((name) => name !== undefined);
  if (named.length > 1) throw contrary(named.join(" and "));
  if (wishesCluster(options) && (node === undefined || nodeFile !== undefined)) {
    throw contrary("a cluster and no node of it");
  }
  if (root !== undefined && !isFolder(root)) {
    throw new UsageError({
      what: `there is no folder ${root}`,
      allowed: "the folder that stands for / of the node",
      next: "cryoscope restore plan ARCHIVE --root DIR",
    });
  }
}

function contrary(found: string): UsageError {
  return new UsageError({
    what: "the place is named in two ways",
    found,
    allowed: "one of --node NAME, --node-file FILE, --host and --root DIR, or none",
    next: "cryoscope restore plan --help",
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

async function targetOf(options: PlanCommandOptions, io: Io): Promise<Partial<Place>> {
  const { node, nodeFile, host, root } = options;
  if (nodeFile !== undefined) return { facts: await readNodeFile(nodeFile, node) };
  if (node !== undefined) return { facts: await clusterNode(node, options, io) };
  if (host !== true && root === undefined) return {};
  return gatherPlace(root ?? "/");
}

async function clusterNode(name: string, options: PlanCommandOptions, io: Io): Promise<NodeFacts> {
  const interrupt = new AbortController();
  const forget = io.onInterrupt(() => interrupt.abort());
  try {
    const { api } = await logInTo(options, io.env);
    return apiNodeFacts(await answersOf({ api, clock: io, interrupted: interrupt.signal }, name));
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    throw new InterruptedError({ what: "you stopped the questions to the cluster", cause: error });
  } finally {
    forget();
  }
}
