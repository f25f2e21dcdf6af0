import { statSync } from "node:fs";
import { InterruptedError, UsageError } from "../../../base/errors.ts";
import { type ClusterWish, logInTo, wishesCluster } from "../../../kubelet/cluster/access.ts";
import type { ApiMeans } from "../../../kubelet/cluster/ask-api.ts";
import { answersOf, answersOfAll } from "../../../node/from-cluster.ts";
import { isPlugin } from "../../calling.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { type NodeReport, reportAll, reportApi, reportHost } from "./report.ts";

export interface NodeCommandOptions extends CommonOptions, ClusterWish {
  root?: string;
  all?: boolean;
}

/** Exit code 1 where a node cannot checkpoint; what cannot be told is no finding. */
export async function runNode(
  name: string | undefined,
  options: NodeCommandOptions,
  io: Io,
): Promise<number> {
  const { document, table, names, cannot } = await readNodes(name, options, io);
  await printResult(
    document,
    (look) => (options.quiet === true ? names() : table(look)),
    options,
    io,
  );
  return cannot ? exitCodes.findings : exitCodes.fine;
}

async function readNodes(
  name: string | undefined,
  options: NodeCommandOptions,
  io: Io,
): Promise<NodeReport> {
  const { root, all } = options;
  // Who types kubectl means a cluster.
  const cluster =
    name !== undefined || all === true || (isPlugin(io.calledAs) && root === undefined);
  if (name !== undefined && all === true) throw contrary(`${name} and --all`);
  if (cluster && root !== undefined) throw contrary("--root and a node of a cluster");
  if (!cluster && wishesCluster(options)) {
    throw contrary("a cluster and no node of it");
  }
  if (!cluster) {
    if (root !== undefined && !isFolder(root)) throw noFolder(root);
    return reportHost(root ?? "/", io.now());
  }
  const interrupt = new AbortController();
  const forget = io.onInterrupt(() => interrupt.abort());
  try {
    const means = await meansOf(options, io, interrupt.signal);
    const found = name === undefined ? await answersOfAll(means) : await answersOf(means, name);
    return Array.isArray(found) ? reportAll(found, io.now()) : reportApi(found, io.now());
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    throw new InterruptedError({ what: "you stopped the questions to the cluster", cause: error });
  } finally {
    forget();
  }
}

async function meansOf(
  options: NodeCommandOptions,
  io: Io,
  interrupted: AbortSignal,
): Promise<ApiMeans> {
  const { api } = await logInTo(options, io.env);
  return { api, clock: io, interrupted };
}

function contrary(found: string): UsageError {
  return new UsageError({
    what: "the node is named in two ways",
    found,
    allowed: "nothing (this machine), --root DIR, NAME, or --all with NAME left out",
    next: "cryoscope node --help",
  });
}

function noFolder(root: string): UsageError {
  return new UsageError({
    what: `there is no folder ${root}`,
    allowed: "the folder that stands for / of the node",
    next: "cryoscope node --root DIR",
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Not there, below a file, or below a folder that is closed to us.
    return false;
  }
}
