import type { Candidate, Detector, DetectorGroup, Judgement, SecretSeverity } from "./detector.ts";
import { byForm } from "./validate/by-form.ts";

/** A token with a prefix of its own and random characters behind it: most of them are so. */
export interface TokenForm {
  id: string;
  title: string;
  /** `high` if it is not said. */
  severity?: SecretSeverity;
  /** What it begins with, case matters. */
  prefixes: readonly string[];
  /** A class without its brackets: `A-Za-z0-9`. */
  characters: string;
  /** How many characters stand behind the prefix. */
  length: number | readonly [least: number, most: number];
  /** Looks closer at the part behind the prefix than at its entropy. */
  judge?(random: string, prefix: string): Judgement | undefined;
}

/** Makes a detector of a token's form. Neither end may touch more characters of its kind. */
export function tokenDetector(group: DetectorGroup, form: TokenForm): Detector {
  const { id, title, severity = "high", prefixes, characters, judge } = form;
  const [least, most] = typeof form.length === "number" ? [form.length, form.length] : form.length;
  const heads = prefixes.map((prefix) => prefix.replace(/[.$+]/g, "\\$&"));
  return {
    id,
    title,
    group,
    severity,
    keywords: prefixes.map((prefix) => prefix.toLowerCase()),
    expression: new RegExp(
      // The random part is looked ahead for and then taken as a whole, so that one which is too long
      // is not tried at each of its lengths.
      `(?<![A-Za-z0-9])(?<prefix>${heads.join("|")})(?=(?<random>[${characters}]{${least},${most}}))\\k<random>(?![${characters}])`,
    ),
    longest: Math.max(...prefixes.map((prefix) => prefix.length)) + most,
    lead: 0,
    judge: ({ groups }: Candidate) => {
      const { prefix = "", random = "" } = groups;
      return judge === undefined ? byForm(random) : judge(random, prefix);
    },
  };
}
