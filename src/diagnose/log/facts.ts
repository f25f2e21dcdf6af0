import { runtimeOf } from "../diagnose.ts";
import type { LogOperation, LogOutcome, RunExplanation } from "./explanation.ts";
import type { LogLine } from "./line.ts";
import { kept } from "./splitter.ts";

type Facts = Pick<
  RunExplanation,
  "operation" | "outcome" | "criu" | "kernel" | "runtime" | "configurationFiles" | "options"
>;

/** How each kind of run ends, in CRIU's words. */
const ends: readonly (readonly [begin: string, operation: LogOperation, outcome: LogOutcome])[] = [
  ["Dumping finished successfully", "dump", "succeeded"],
  ["Dumping FAILED.", "dump", "failed"],
  ["Pre-dumping finished successfully", "pre-dump", "succeeded"],
  ["Pre-dumping FAILED.", "pre-dump", "failed"],
  ["Restore finished successfully", "restore", "succeeded"],
  ["Restoring FAILED.", "restore", "failed"],
];

/** What only one kind of run says. */
const signs: readonly (readonly [begin: string, operation: LogOperation])[] = [
  ["Dumping processes (pid:", "dump"],
  ["Pre-dumping processes (pid:", "pre-dump"],
  ["Dumping task (pid:", "dump"],
  ["Pre-dumping task (pid:", "pre-dump"],
  ["Seized task", "dump"],
  ["Dump CRIU run id", "restore"],
  ["No inventory.img image", "restore"],
  ["Need to set the --tcp-close options.", "restore"],
  ["Reading image tree", "restore"],
  ["Forking task with", "restore"],
];

/** Files of CRIU's sources that one kind of run alone comes through. */
const places: Readonly<Record<string, LogOperation>> = {
  "criu/cr-restore.c": "restore",
  "criu/pie/restorer.c": "restore",
  "criu/cr-dump.c": "dump",
  "criu/seize.c": "dump",
};

/** Options that CRIU says it was given, in the words of `check_options`. */
const options: readonly (readonly [says: string, option: string])[] = [
  ["Will dump/restore TCP connections", "tcp-established"],
  ["Will skip in-flight TCP connections", "skip-in-flight"],
  ["Will drop all TCP connections on restore", "tcp-close"],
  ["Will allow link remaps on FS", "link-remap"],
  ["Will skip non-existent sysctls on restore", "weak-sysctls"],
  ["Mount engine fallback to --mntns-compat-mode mode", "mntns-compat-mode"],
];

const most = 32;

/** Learns what a run of CRIU's says of itself. */
export class FactsReader {
  readonly facts: Facts = {
    operation: "unknown",
    outcome: "unknown",
    criu: { version: null, runId: null, dumpRunId: null },
    kernel: { release: null, machine: null },
    runtime: null,
    configurationFiles: [],
    options: [],
  };

  /** True when the line says that the run began: before it nothing was done. */
  see({ message, place }: LogLine): void {
    const { facts } = this;
    const end = ends.find(([begin]) => message.startsWith(begin));
    if (end !== undefined) [, facts.operation, facts.outcome] = end;
    else if (facts.operation === "unknown") facts.operation = operationOf(message, place);
    const code = message.charCodeAt(0);
    // C, D, F, L, M, P, R, V, W: all that is read below begins with a capital.
    if (code >= 0x43 && code <= 0x57) this.#read(message);
  }

  /** A line of somebody else's. */
  seeOther(text: string): void {
    this.facts.runtime ??= runtimeOf(text);
  }

  #read(message: string): void {
    const { criu, kernel, configurationFiles } = this.facts;
    let found = /^CRIU run id = (\S{1,64})/.exec(message);
    // CRIU says it twice where it serves a runtime: the second is the one that works.
    if (found !== null) criu.runId = kept(found[1] as string);
    found = /^Dump CRIU run id = (\S{1,64})/.exec(message);
    if (found !== null) criu.dumpRunId = kept(found[1] as string);
    found = /^Version: (\S{1,64})/.exec(message);
    if (found !== null) criu.version = kept(found[1] as string);
    found = /^Running on \S+ \S+ (\S{1,128}) .*?(\S{1,32})$/.exec(message);
    if (found !== null) {
      kernel.release = kept(found[1] as string);
      kernel.machine = kept(found[2] as string);
    }
    found =
      /^(?:Would overwrite RPC settings with values from|Parsing config file) (\S.{0,4095})/.exec(
        message,
      );
    if (found !== null) {
      const file = kept(found[1] as string);
      if (configurationFiles.length < most && !configurationFiles.includes(file)) {
        configurationFiles.push(file);
      }
      this.facts.runtime ??= runtimeOf(file);
    }
    const option = options.find(([says]) => message.startsWith(says))?.[1];
    if (option !== undefined && !this.facts.options.includes(option)) {
      this.facts.options.push(option);
    }
  }
}

function operationOf(message: string, place: string | null): LogOperation {
  const sign = signs.find(([begin]) => message.startsWith(begin));
  if (sign !== undefined) return sign[1];
  const file = place?.slice(0, place.indexOf(":")) ?? "";
  return Object.hasOwn(places, file) ? (places[file] as LogOperation) : "unknown";
}
