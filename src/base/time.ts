/** RFC 3339 as Go writes it: up to nanoseconds, an offset or `Z`. */
const rfc3339 = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since 1970, or undefined where the text is no RFC 3339 time. */
export function parseTime(value: string): number | undefined {
  const match = rfc3339.exec(value);
  if (match === null) return undefined;
  const fraction = (match[2] ?? "").slice(0, 4);
  const parsed = Date.parse(`${match[1]}${fraction}${match[3]}`);
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** Go's zero time, year 1: how the runtimes write "never". */
export function isZeroTime(value: string): boolean {
  return value.startsWith("0001-01-01T00:00:00");
}

/** RFC 3339 in UTC, without a fraction that is zero. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}
