/** Marks of CRIU's on a line: `Error`, `Warn`, or none. */
type LogLevel = "error" | "warning" | "info";

/** A line of a log, taken apart as CRIU's `log.c` puts it together. Not sanitised. */
export interface LogLine {
  /** Microseconds since CRIU began; null on lines without a stamp. */
  at: number | null;
  /** The process that wrote it, by its pid in the container: restores tell it, dumps do not. */
  pid: number | null;
  level: LogLevel;
  /** Where in CRIU's sources: `criu/sk-inet.c:200`. Only errors and warnings say. */
  place: string | null;
  /** The rest, with the name of CRIU's module before it where there is one: `inet: Connected …`. */
  message: string;
  /** Is it CRIU's? Runtimes, kubelets and journals write lines of their own around excerpts. */
  criu: boolean;
}

/** CRIU keeps the stamp's length: from 100 seconds on it has fewer decimals. */
const stamp = /\((\d{2,9})\.(\d{3,6})\) ?/y;
/** A process of a restore: `   302: `, and before it resumes `pie: 302: `. */
const column = /(?:pie: )?\s{0,20}(\d{1,10}): /y;
const mark = /(?:pie: )?(Error|Err|Warn|Wrn) {1,2}\(([^():\s]{1,200}:\d{1,7})\): ?/y;

/** Where a stamp or a mark of CRIU's stands in a line of somebody else's. */
const within =
  /\(\d{2,9}\.\d{3,6}\) |(?:pie: \d{1,10}: )?(?:Error|Warn) {1,2}\((?:criu|compel|soccr|plugins|lib)\/[^():\s]{1,200}:\d{1,7}\): /;

/** Characters before CRIU's part of a line: what a journal or a kubelet puts there is shorter. */
const longestPrefix = 512;

/** Reads a line; one that is not CRIU's is its own message. */
export function readLogLine(text: string): LogLine {
  // What CRIU's parasite says during a dump has no stamp.
  if (text.charCodeAt(0) === 0x28 || text.startsWith("pie: ")) {
    const line = criuLine(text, 0);
    if (line !== undefined) return line;
  }
  const found = within.exec(text.length > longestPrefix ? text.slice(0, longestPrefix) : text);
  const line = found === null ? undefined : criuLine(text, found.index);
  return line ?? { at: null, pid: null, level: "info", place: null, message: text, criu: false };
}

function criuLine(text: string, from: number): LogLine | undefined {
  stamp.lastIndex = from;
  const time = stamp.exec(text);
  let start = time === null ? from : stamp.lastIndex;
  const pid = pidAt(text, start);
  if (pid !== null) start = column.lastIndex;
  // Only a line with a letter that could begin a mark is looked at again: a log has millions.
  mark.lastIndex = start;
  const found = mayBeMark(text.charCodeAt(start)) ? mark.exec(text) : null;
  if (time === null && found === null && !text.startsWith("pie: ")) return undefined;
  return {
    at:
      time === null
        ? null
        : Number(time[1]) * 1_000_000 + Number((time[2] as string).padEnd(6, "0")),
    pid,
    level: found === null ? "info" : found[1]?.startsWith("E") ? "error" : "warning",
    place: found?.[2] ?? null,
    message: text.slice(found === null ? start : mark.lastIndex).trim(),
    criu: true,
  };
}

function pidAt(text: string, start: number): number | null {
  const first = text.charCodeAt(start);
  // A space, a digit, or the p of pie.
  if (first !== 0x20 && first !== 0x70 && !(first >= 0x30 && first <= 0x39)) return null;
  column.lastIndex = start;
  const found = column.exec(text);
  return found === null ? null : Number(found[1]);
}

const mayBeMark = (code: number): boolean => code === 0x45 || code === 0x57 || code === 0x70;

/** The module of CRIU's that a message names: `inet`, `mnt-v2`. */
export function moduleOf(message: string): string | null {
  return /^([a-z][\w-]{0,30}): /.exec(message)?.[1] ?? null;
}
