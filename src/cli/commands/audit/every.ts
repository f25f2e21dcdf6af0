import { parseDuration } from "../../../audit/policy/forms.ts";
import { pause } from "../../../base/clock.ts";
import { Fault, UsageError } from "../../../base/errors.ts";
import { formatTime } from "../../../base/time.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { faultText } from "../../print-fault.ts";
import type { AuditCommandOptions } from "./options.ts";
import { originOf } from "./origin.ts";

/** Shorter makes one audit chase the next. */
const leastSeconds = 60;
const mostSeconds = 30 * 86_400;

/**
 * Audits again and again, until somebody presses Ctrl-C or sends SIGTERM. Each node has its own minute
 * of the period, which its name decides: the nodes of a cluster are spread over the period however
 * they are started, and one that starts anew makes no audit more. What goes wrong in a run is told,
 * and the next run is made all the same.
 */
export async function runEvery(
  once: () => Promise<number>,
  paths: readonly string[],
  options: AuditCommandOptions,
  io: Io,
): Promise<number> {
  const period = checkEvery(paths, options) * 1000;
  const { node } = await originOf(paths, options, io);
  const stop = new AbortController();
  // As process 1 of a container nobody is ended by a signal to which it does not listen.
  io.endBySignals();
  const listening = io.onInterrupt(() => stop.abort());
  try {
    for (;;) {
      const due = nextTurn(node ?? "", period, io.now());
      await io.err.write(`cryoscope: next audit at ${formatTime(due)}\n`);
      await pause(io, due - io.now(), stop.signal);
      if (stop.signal.aborted) return exitCodes.interrupted;
      await turn(once, io);
    }
  } finally {
    listening();
  }
}

async function turn(once: () => Promise<number>, io: Io): Promise<void> {
  try {
    await once();
  } catch (error) {
    // What is wrong with the command will not mend itself.
    if (!(error instanceof Fault) || error.kind === "usage" || error.kind === "bug") throw error;
    await io.err.write(faultText(error, io));
  }
}

/** The next time that is a node's, after now. Milliseconds since 1970, and of the period. */
export function nextTurn(node: string, period: number, now: number): number {
  const own = (spread(node) / 2 ** 32) * period;
  return Math.ceil(Math.floor((now - own) / period + 1) * period + own);
}

/** A number below 2^32 that similar names do not have in common (FNV-1a, and a last stir). */
function spread(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Seconds of the period. @throws UsageError for what cannot be done again and again */
function checkEvery(
  paths: readonly string[],
  { every = "", outputFile, report = [], replace, prune, printPolicy }: AuditCommandOptions,
): number {
  const seconds = parseDuration(every);
  if (seconds === undefined || seconds < leastSeconds || seconds > mostSeconds) {
    throw new UsageError({
      what: `--every ${JSON.stringify(every)} is no period`,
      allowed: "a duration such as 1h or 30m: from one minute to 30 days",
      next: "cryoscope audit --help",
    });
  }
  const files = [outputFile, ...report.map(({ file }) => file)];
  const again = files.find((file) => file !== undefined && !file.includes("{time}"));
  if (again !== undefined && replace !== true) {
    throw new UsageError({
      what: "the second audit would meet the file of the first",
      found: again,
      next: "add --replace, or put {time} into the name",
    });
  }
  if (paths.includes("-") || prune === true || printPolicy === true) {
    throw new UsageError({
      what: "--every is for audits of files and folders",
      next: "leave out -, --prune and --print-policy",
    });
  }
  return seconds;
}
