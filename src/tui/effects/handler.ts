import type { CheckpointOptions } from "../../checkpoint/open-checkpoint.ts";
import type { Summary } from "../../checkpoint/summary.ts";
import type { Access } from "../../kubelet/cluster/login.ts";
import type { Partial } from "../../restore/new-file.ts";
import type { QuestionName, Questions } from "../state/questions.ts";
import type { OpenCheckpoints } from "./open-checkpoints.ts";

/**
 * How archives are opened and clusters found, as the command line said.
 * Data, so that it crosses to a worker.
 */
export interface EngineOptions
  extends Pick<CheckpointOptions, "permissions" | "spool" | "expansion" | "remote"> {
  cluster?: ClusterOptions;
  /** Of an archive elsewhere, the address under the name that people may see: it may be signed. */
  address?: { shown: string; url: string };
}

/** What is opened for a path of the UI. */
export function opened(path: string, { address }: Pick<EngineOptions, "address">): string {
  return path === address?.shown ? address.url : path;
}

/** Where clusters are looked up. */
export interface ClusterOptions {
  /** Names kubeconfigs and proxies; login programs get the process's own. */
  env: Readonly<Record<string, string | undefined>>;
  /** The kubeconfig; else the environment names it. */
  file?: string | undefined;
  /** The context that is meant where none is chosen. */
  context?: string | undefined;
}

/** What every answer is made with. */
export interface Services {
  options: EngineOptions;
  checkpoints: OpenCheckpoints;
  /** Summaries of archives with what their files looked like when they were made. */
  summaries: Map<string, { stamp: string; summary: Summary }>;
  /** Clusters that we are logged in to, by context, and until when that is believed. */
  logins: Map<string, { until: number; access: Promise<Access> }>;
  /** Told of files and folders that are not whole yet, so that a cut can be cleaned up. */
  partial: Partial;
}

/** One question that is being answered. */
export interface Call<Name extends QuestionName> {
  /** Aborted when nobody waits any more. */
  signal: AbortSignal;
  /** Sends what is known so far. */
  part: (value: Questions[Name]["answer"]) => void;
}

/** Answers one kind of question. Faults become failures; anything else is our bug. */
export type Handler<Name extends QuestionName> = (
  ask: Questions[Name]["ask"],
  services: Services,
  call: Call<Name>,
) => Promise<Questions[Name]["answer"]>;
