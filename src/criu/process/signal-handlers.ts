import type { ProblemLog } from "../../base/problem.ts";
import { formatCount } from "../../base/units.ts";
import type { Messages } from "../schema/types.ts";
import { bitNames, type Flags } from "./flags.ts";
import { lastSignal, signalName, signalSet } from "./signals.ts";

/** What a process does with a signal, where it is not the default. */
export interface SignalHandler {
  signal: number;
  name: string;
  /** `SIG_IGN`, or the address of the handler. */
  handler: "SIG_IGN" | bigint;
  /** `SA_RESTART`, …; what has no name as `0x…`. */
  flags: string[];
  /** Signals that are blocked while it runs. */
  mask: string[];
}

const flagNames: Flags = [
  [0x1, "SA_NOCLDSTOP"],
  [0x2, "SA_NOCLDWAIT"],
  [0x4, "SA_SIGINFO"],
  [0x400, "SA_UNSUPPORTED"],
  [0x800, "SA_EXPOSE_TAGBITS"],
  [0x04000000, "SA_RESTORER"],
  [0x08000000, "SA_ONSTACK"],
  [0x10000000, "SA_RESTART"],
  [0x40000000, "SA_NODEFER"],
  [0x80000000, "SA_RESETHAND"],
];
const mipsFlagNames: Flags = [
  [0x1, "SA_NOCLDSTOP"],
  [0x8, "SA_SIGINFO"],
  ...flagNames.filter(([bit]) => bit > 0x800),
  [0x10000, "SA_NOCLDWAIT"],
];

/**
 * Reads a table of signal actions. It has one entry for each signal but SIGKILL and SIGSTOP, whose
 * action nobody can change, in the order of their numbers (CRIU's `dump_sigacts`).
 */
export function readSignalHandlers(
  entries: readonly Messages["sa_entry"][],
  architecture: string | undefined,
  member: string,
  problems: ProblemLog,
): SignalHandler[] {
  const handlers: SignalHandler[] = [];
  const last = lastSignal(architecture);
  let signal = 0;
  for (const entry of entries) {
    do signal += 1;
    while (isFixed(signalName(signal, architecture)));
    if (signal > last) break;
    if (entry.sigaction === 0n) continue;
    handlers.push({
      signal,
      name: signalName(signal, architecture),
      handler: entry.sigaction === 1n ? "SIG_IGN" : entry.sigaction,
      flags: bitNames(entry.flags, architecture === "MIPS" ? mipsFlagNames : flagNames),
      mask: signalSet(entry.mask, entry.mask_extended, architecture),
    });
  }
  const allowed = last - 2;
  if (entries.length > allowed) {
    problems.add({
      severity: "error",
      code: "signal-actions",
      message: `the signal table holds ${formatCount(entries.length)} actions; allowed ${allowed}`,
      where: { member },
    });
  }
  return handlers;
}

function isFixed(name: string): boolean {
  return name === "SIGKILL" || name === "SIGSTOP";
}
