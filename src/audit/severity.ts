/** How grave a finding is, from the gravest. `info` is worth knowing and asks for nothing. */
export const severities = ["critical", "high", "medium", "low", "info"] as const;

export type Severity = (typeof severities)[number];

/** Is `severity` as grave as `threshold`, or graver? */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
}
