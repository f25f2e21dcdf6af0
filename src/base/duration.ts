/** The longest that Go's time.Duration holds, in whole seconds: int64 nanoseconds, 292 years. */
export const longestSeconds = 9_223_372_036n;

const units = { h: 3600n, m: 60n, s: 1n } as const;

/** What a text of seconds or of a duration means, or why it means nothing. */
type ParsedSeconds = { seconds: bigint } | { fault: string };

/**
 * Reads whole seconds (`90`) or a duration of whole hours, minutes and seconds (`1h30m`, `5m`,
 * `90s`), as Go writes them. Nothing negative, fractional or longer than Go can hold passes.
 */
export function parseSeconds(text: string): ParsedSeconds {
  if (/^-/.test(text)) return { fault: "it is negative" };
  if (/\d\.|\.\d|(ms|us|µs|μs|ns)$/.test(text)) return { fault: "it has fractions of a second" };
  // Longer figures are beyond every limit, and BigInt would take its time over a megabyte of them.
  if (/\d{40}/.test(text)) return { fault: "it is longer than a kubelet can count" };
  if (/^\d+$/.test(text)) return bounded(BigInt(text));
  if (!/^(?:\d+h)?(?:\d+m)?(?:\d+s)?$/.test(text) || text === "") {
    return { fault: "it is no number of seconds and no duration" };
  }
  let seconds = 0n;
  for (const [, figures, unit] of text.matchAll(/(\d+)([hms])/g)) {
    seconds += BigInt(figures as string) * units[unit as keyof typeof units];
  }
  return bounded(seconds);
}

function bounded(seconds: bigint): ParsedSeconds {
  if (seconds <= longestSeconds) return { seconds };
  return { fault: "it is longer than a kubelet can count" };
}

/** Milliseconds as people say them: `20 ms`, `1.5 s`, `5m`, `2m30s`, `1h0m5s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10_000) return `${(Math.floor(milliseconds / 100) / 10).toFixed(1)} s`;
  const total = Math.round(milliseconds / 1000);
  if (total < 60) return `${total} s`;
  const [hours, minutes, seconds] = [
    Math.floor(total / 3600),
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  const end = seconds === 0 ? "" : `${seconds}s`;
  if (hours === 0) return `${minutes}m${end}`;
  return `${hours}h${minutes === 0 && seconds === 0 ? "" : `${minutes}m`}${end}`;
}
