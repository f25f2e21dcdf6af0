import type { Candidate, Detector, DetectorGroup, Judgement, SecretSeverity } from "./detector.ts";
import { byForm } from "./validate/by-form.ts";

/** A secret without a form of its own, known by the name that stands before it. */
interface NamedForm {
  id: string;
  title: string;
  /** `high` if it is not said. */
  severity?: SecretSeverity;
  /** Names of variables, keys of documents, headers: in lower case; found in any. */
  names: readonly string[];
  /** Expression of the value, and how long it may be. */
  value: string;
  longest: number;
  /** Least entropy a character. */
  bits?: number;
  judge?(candidate: Candidate): Judgement | undefined;
}

/** Quotes, blanks and signs between a name and its value, in files, JSON, programs and headers. */
const joint = `[\\\\"'\\s:=>]{1,12}`;

/** Makes a detector of names, and of what a value behind them looks like. */
export function contextDetector(group: DetectorGroup, form: NamedForm): Detector {
  const { id, title, severity = "high", names, value, longest, bits, judge } = form;
  return {
    id,
    title,
    group,
    severity,
    keywords: names,
    expression: new RegExp(`(?:${names.join("|")})${joint}(?<secret>${value})(?![\\w+/=-])`, "i"),
    longest: Math.max(...names.map((name) => name.length)) + 12 + longest,
    lead: 0,
    judge: judge ?? (({ secret }) => byForm(secret, {}, undefined, bits)),
  };
}
