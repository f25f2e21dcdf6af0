import type { FindingPlace } from "../audit/finding.ts";
import type { RuleGroup } from "../audit/rule.ts";
import type { Severity } from "../audit/severity.ts";
import { hex } from "../base/u64.ts";
import { formatCount } from "../base/units.ts";
import type { Style } from "./style.ts";

/** From the gravest. */
export const severityOrder: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

const signs: Readonly<Record<Severity, string>> = {
  critical: "✗",
  high: "✗",
  medium: "!",
  low: "·",
  info: "·",
};

/** Titles of the groups, in the order of reports. */
export const groupTitles: Readonly<Record<RuleGroup, string>> = {
  "locked-down": "Locked down",
  integrity: "Integrity",
  hostile: "Hostile to restore",
  exposure: "Exposure",
  attack: "Signs of attack",
  secrets: "Secrets",
  restore: "Restore blockers",
  housekeeping: "Housekeeping",
};

export function severitySign(severity: Severity): string {
  return signs[severity];
}

/** Sign and word: `✗ critical`. */
export function severityWords(severity: Severity): string {
  return `${signs[severity]} ${severity}`;
}

export function paintSeverity(text: string, severity: Severity, style: Style): string {
  if (severity === "critical") return style.bold(style.red(text));
  if (severity === "high") return style.red(text);
  return severity === "medium" ? style.yellow(text) : style.dim(text);
}

/** Is a severity as grave as the threshold, or graver? */
export function isAtLeast(severity: Severity, threshold: Severity | "none"): boolean {
  if (threshold === "none") return false;
  return severityOrder.indexOf(severity) <= severityOrder.indexOf(threshold);
}

/**
 * Where a finding was made, in words: `pid 1, 0x7ffc1000 in [stack], checkpoint/pages-1.img, byte
 * 4,096`. Empty where nothing is known but the archive. Not sanitised.
 */
export function findingPlace(place: FindingPlace): string {
  const { path, member, offset, entry, pointer, pid, address, mapping, fd } = place;
  const parts: string[] = [];
  if (pid !== undefined) parts.push(`pid ${pid}`);
  if (fd !== undefined) parts.push(`descriptor ${fd}`);
  if (address !== undefined) {
    parts.push(mapping === undefined ? hex(address) : `${hex(address)} in ${mapping}`);
  } else if (mapping !== undefined) parts.push(mapping);
  if (path !== undefined) parts.push(path);
  if (member !== undefined) parts.push(member);
  if (entry !== undefined) parts.push(`entry ${formatCount(entry)}`);
  if (offset !== undefined) parts.push(`byte ${formatCount(offset)}`);
  if (pointer !== undefined) parts.push(pointer);
  return parts.join(", ");
}
