import type { Fault } from "../base/errors.ts";
import type { Sighting } from "./finding.ts";
import type { RuleText } from "./rule.ts";
import { directory } from "./rules/locked-down/directory.ts";
import { exchanged } from "./rules/locked-down/exchanged.ts";
import { mode } from "./rules/locked-down/mode.ts";
import { owner } from "./rules/locked-down/owner.ts";
import { specialFile } from "./rules/locked-down/special-file.ts";
import { symbolicLink } from "./rules/locked-down/symbolic-link.ts";

/** What the gate calls a laxity (`archive/laxity.ts`), and the rule that tells of it. */
const rules: Readonly<Record<string, RuleText>> = {
  owner,
  mode,
  "directory-owner": directory,
  "directory-mode": directory,
  moved: exchanged,
  symlink: symbolicLink,
  "not-a-file": specialFile,
};

/** Rules of which only refused archives can have findings. */
export const refusalRules: readonly RuleText[] = [symbolicLink, specialFile];

/** A sighting with its rule. */
interface RuledSighting {
  rule: RuleText;
  sighting: Sighting;
}

/**
 * What it says of an archive that the gate kept it shut. The gate names its first reason, so there
 * may be others. That somebody may not read an archive (`no-access`) says nothing against it.
 * @param fault that came instead of an open archive
 */
export function refusalSightings({ kind, detail }: Fault): RuledSighting[] {
  const { code = "", what, where, found, allowed, next } = detail;
  const rule = Object.hasOwn(rules, code) ? rules[code] : undefined;
  if (kind !== "refused" || rule === undefined) return [];
  const met = [found, allowed === undefined ? undefined : `allowed ${allowed}`]
    .filter((part) => part !== undefined)
    .join("; ");
  const path = where?.path;
  const sighting: Sighting = {
    message: met === "" ? what : `${what} (${met})`,
    key: rule === directory ? `permissions-${code} ${path ?? ""}` : `permissions-${code}`,
    places: path === undefined ? [] : [{ path }],
  };
  if (next !== undefined) sighting.remedy = next;
  return [{ rule, sighting }];
}
