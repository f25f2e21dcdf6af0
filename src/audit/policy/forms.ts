import { parseTime } from "../../base/time.ts";

const durationUnits = [
  ["w", 604_800],
  ["d", 86_400],
  ["h", 3600],
  ["m", 60],
  ["s", 1],
] as const;

/** What a duration of a policy may look like. */
export const durationForm = "a duration such as 7d, 36h, 1d12h, 90m or 45s";
/** Its form as the JSON schema has it. */
export const durationPattern = /^(?=\d)(\d{1,6}w)?(\d{1,9}d)?(\d{1,6}h)?(\d{1,6}m)?(\d{1,6}s)?$/;

/** Seconds of a duration, or undefined. */
export function parseDuration(text: string): number | undefined {
  const match = durationPattern.exec(text);
  if (match === null) return undefined;
  let seconds = 0;
  for (const [at, [, unit]] of durationUnits.entries()) {
    seconds += Number.parseInt(match[at + 1] ?? "0", 10) * unit;
  }
  return seconds;
}

/** The same seconds as a text that `parseDuration` reads. */
export function formatPolicyDuration(seconds: number): string {
  let left = seconds;
  let text = "";
  // Seven days are more often said than one week.
  for (const [unit, length] of durationUnits.slice(1)) {
    const count = Math.floor(left / length);
    if (count > 0) text += `${count}${unit}`;
    left -= count * length;
  }
  return text === "" ? "0s" : text;
}

/** What a date of a policy may look like. */
export const dateForm = "a date such as 2027-01-31, or a time such as 2027-01-31T18:00:00Z";

/**
 * The moment at which an allowance ends, in milliseconds since 1970: of a day its end in UTC.
 * Undefined where it is no date that there is.
 */
export function parseExpiry(text: string): number | undefined {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const start = parseTime(isDay ? `${text}T00:00:00Z` : text);
  if (start === undefined || !dayExists(text)) return undefined;
  return isDay ? start + 86_400_000 : start;
}

/** JavaScript takes 31 February for 3 March. */
function dayExists(text: string): boolean {
  const day = text.slice(0, 10);
  const read = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day);
}
