import { canonicalName } from "../../archive/member.ts";
import { text } from "../../base/bytes.ts";
import { ArchiveError } from "../../base/errors.ts";
import { ProblemLog } from "../../base/problem.ts";
import { exactBytes, formatBytes, formatCount } from "../../base/units.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeContent } from "../../checkpoint/content.ts";
import type { LogRow } from "../state/member-rows.ts";
import type { Handler } from "./handler.ts";
import { inParts } from "./in-parts.ts";
import { advised, type Explained, explainLog } from "./log-advice.ts";
import { readLine } from "./log-lines.ts";

/** Bytes that are read of one log, from its end, and lines of it that are kept. */
const logBytes = 4 * 1024 * 1024;
const logLines = 100_000;
/** Logs that are read; archives have three. */
const mostLogs = 16;

interface Log {
  name: string;
  title: string;
  sizeBytes: number;
}

/** The lines of all logs, the container's first, each log below a heading. */
export const answerLogs: Handler<"logs"> = async ({ path, reveal }, services, call) => {
  const checkpoint = await services.checkpoints.get(path);
  const problems = new ProblemLog();
  const rows: LogRow[] = [];
  for (const [at, log] of logsOf(checkpoint).entries()) {
    call.signal.throwIfAborted();
    if (at >= mostLogs) rows.push(heading(log, "not read: there are too many logs"));
    else rows.push(...(await logRows(checkpoint, log, reveal, problems, call.signal)));
  }
  return inParts(rows, problems.list(), call);
};

/** What a container says comes before what CRIU says. */
const order = (title: string): number => (title.startsWith("CRIU") ? 1 : 0);

function logsOf(checkpoint: Checkpoint): Log[] {
  const logs: Log[] = [];
  for (const name of checkpoint.archive.names()) {
    const member = checkpoint.archive.find(name);
    const content = member && describeContent(member);
    if (member === undefined || content?.kind !== "log") continue;
    logs.push({ name: canonicalName(member.name), title: content.title, sizeBytes: member.size });
  }
  return logs.sort((a, b) => order(a.title) - order(b.title));
}

async function logRows(
  checkpoint: Checkpoint,
  log: Log,
  reveal: boolean,
  problems: ProblemLog,
  signal: AbortSignal,
): Promise<LogRow[]> {
  try {
    const { lines, all } = await readEnd(checkpoint, log);
    const count = `${formatCount(lines.length)} ${lines.length === 1 ? "line" : "lines"}`;
    const note = all
      ? `${count}, ${formatBytes(log.sizeBytes)}`
      : `the last ${count} of ${exactBytes(log.sizeBytes)}; Ctrl-S saves all`;
    const explained = await explainOne(checkpoint, log, reveal, signal);
    const rows = lines.map((line, at) => ({
      id: `${log.name} ${at}`,
      log: log.name,
      role: null,
      advice: null,
      ...readLine(line, reveal),
    }));
    if (explained === undefined) return [heading(log, note), ...rows];
    return [heading(log, `${note}; ${explained.words}`), ...advised(rows, explained)];
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    problems.addFault("broken-log", error, { member: log.name });
    return [heading(log, `✗ cannot be read: ${error.message}`)];
  }
}

/** What CRIU's own logs tell; the container's are its own business. */
async function explainOne(
  checkpoint: Checkpoint,
  { name, title }: Log,
  reveal: boolean,
  signal: AbortSignal,
): Promise<Explained | undefined> {
  const member = title.startsWith("CRIU") ? checkpoint.archive.find(name) : undefined;
  if (member === undefined) return undefined;
  return explainLog(name, checkpoint.archive.open(member), reveal, signal);
}

/** The last lines of a log. A line of which only the end was read is left out. */
async function readEnd(
  checkpoint: Checkpoint,
  { name }: Log,
): Promise<{ lines: string[]; all: boolean }> {
  const member = checkpoint.archive.find(name);
  if (member === undefined) return { lines: [], all: true };
  const source = checkpoint.archive.open(member);
  const from = Math.max(0, source.size - logBytes);
  const lines = text(await source.read(from, logBytes)).split("\n");
  if (from > 0) lines.shift();
  if (lines.at(-1) === "") lines.pop();
  const kept = lines.slice(-logLines);
  return { lines: kept, all: from === 0 && kept.length === lines.length };
}

function heading({ name, title }: Log, note: string): LogRow {
  const text = `${title}  ${note}`;
  const none = { time: "", stream: "", mark: null, role: null, advice: null };
  return { id: name, log: name, heading: true, text, ...none };
}
