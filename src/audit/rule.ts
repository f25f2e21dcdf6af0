import type { Sighting } from "./finding.ts";
import type { Severity } from "./severity.ts";
import type { Subject } from "./subject.ts";

/** The kinds of rules. Each is a folder in `rules`. */
export type RuleGroup =
  | "locked-down"
  | "integrity"
  | "hostile"
  | "exposure"
  | "attack"
  | "secrets"
  | "restore"
  | "housekeeping";

/** What a rule says of itself. `docs/rules.md` is made from these texts, SARIF carries them as help. */
export interface RuleText {
  /** `GROUP/NAME`: also its file, `rules/GROUP/NAME.ts`. Stable for ever. */
  id: string;
  /** A few words, as the title of a finding: `Archive can be read by others`. */
  title: string;
  severity: Severity;
  /** What it reads: `mode of the archive`, `creds of core-PID.img`. */
  looksAt: string;
  /** Why it matters: one to three sentences. */
  why: string;
  /** What to do about it: one to three sentences, commands in backquotes. */
  remedy: string;
  /** CVE numbers or documentation, full URLs. */
  references?: readonly string[];
}

/** One question that an audit asks of an archive. */
export interface Rule extends RuleText {
  /**
   * Everything it sees. Must not throw for anything that an archive holds; a Fault that comes out
   * all the same becomes a problem of the audit, and the other rules go on.
   */
  evaluate(subject: Subject): AsyncIterable<Sighting> | Iterable<Sighting>;
}
