import type { Problem } from "../../base/problem.ts";
import type { Speaker } from "../known-error.ts";

/** What the log is of. `wrapper`: words of a runtime, of CRI or of a kubelet, without a log of CRIU's. */
export type LogOperation = "dump" | "pre-dump" | "restore" | "wrapper" | "unknown";

/**
 * How it went. `cut`: the log ends in the middle, without an error. `unknown`: nothing in it says.
 */
export type LogOutcome = "succeeded" | "failed" | "cut" | "unknown";

/**
 * What a line is to the whole. `cause`: what to act on. `leading`: said on the way to the cause, by
 * itself unknown. `consequence`: follows from the cause. `separate`: a further error of its own.
 * `harmless`: everything went on in spite of it.
 */
export type LineRole = "cause" | "leading" | "consequence" | "separate" | "harmless";

/** An error or a warning that matters. Secrets are masked; not sanitised. */
export interface ErrorLine {
  /** Number of the line in the file, from 1. */
  line: number;
  /** Seconds since CRIU began, as in the log; null on lines without a stamp. */
  seconds: number | null;
  /** Pid in the container of the process that wrote it; null where the line does not say. */
  pid: number | null;
  /** Null on lines of others than CRIU. */
  level: "error" | "warning" | null;
  /** Place in CRIU's sources: `criu/sk-inet.c:200`. */
  place: string | null;
  /** CRIU's module: `inet`. */
  module: string | null;
  message: string;
  role: LineRole;
  /** Id of the known error that it is. */
  known: string | null;
}

/** A line around the error, as it stands in the log. */
export interface ContextLine {
  line: number;
  text: string;
}

/** Where knowledge is from. */
export interface Source {
  /** `checkpoint-restore/criu#589`, `recorded`. */
  name: string;
  url: string | null;
}

/** What went wrong, why, and what helps. */
export interface Finding {
  /** Id of a known error; null where nobody told us of it yet. */
  id: string | null;
  speaker: Speaker | null;
  line: number;
  message: string;
  cause: string | null;
  remedy: string | null;
  /** The line for CRIU's configuration file, where one helps. */
  configuration: { line: string; files: string[] } | null;
  sources: Source[];
  before: ContextLine[];
  after: ContextLine[];
}

/** A phase of the work, as long as it took by the log's own stamps. */
export interface Phase {
  /** Stable word: `freeze`, `process`, `namespaces` … */
  id: string;
  title: string;
  /** Seconds since CRIU began. */
  start: number;
  /** Seconds. */
  duration: number;
  /** A process's pid and name, where the phase is of one. Restores tell the pid in the container. */
  pid: number | null;
  comm: string | null;
  /** How many seconds of it went where: mappings, files, memory … */
  parts: { id: string; duration: number }[];
}

/** A run of CRIU's, or a text of others around one, explained. */
export interface RunExplanation {
  /** Member of the archive, path of the file, `-`. */
  log: string;
  operation: LogOperation;
  outcome: LogOutcome;
  criu: { version: string | null; runId: string | null; dumpRunId: string | null };
  kernel: { release: string | null; machine: string | null };
  /** The OCI runtime that called CRIU, where the text names it. */
  runtime: "runc" | "crun" | null;
  /** Configuration files that CRIU read options from. */
  configurationFiles: string[];
  /** Options that CRIU says it was given, as they stand in configuration files. */
  options: string[];
  /** Lines of the log that are part of this run. */
  firstLine: number;
  lines: number;
  /** Does the text end in the middle of a line? */
  endsMidLine: boolean;
  finding: Finding | null;
  errors: ErrorLine[];
  /** Error lines beyond those that are listed. */
  moreErrors: number;
  timeline: Phase[];
  /** Phases beyond those that are listed. */
  morePhases: number;
  /** Seconds for which the processes stood still, of a dump that came so far. */
  frozenSeconds: number | null;
}

/** What `explain` says of a log, or of all logs of an archive. */
export interface LogExplanation {
  apiVersion: "cryoscope/v1";
  kind: "LogExplanation";
  path: string;
  items: RunExplanation[];
  problems: Problem[];
}
