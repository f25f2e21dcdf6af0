import type { Candidate, Judgement, SecretSeverity } from "../detector.ts";
import { entropy } from "./entropy.ts";
import { isExample } from "./invented.ts";
import { mayBePassword } from "./password.ts";

/** Where a value that has a name stands, as far as the characters around it tell. */
interface Setting {
  /** The name; of a long one the last word and the 16 characters before it, behind three dots. */
  name: string;
  value: string;
  quoted: boolean;
  /** An environment's or a file's line: `NAME=value`, and then its end or that of a text in JSON. */
  line: boolean;
}

function settingOf({ secret, groups }: Candidate): Setting {
  const { before = "", word = "", join = "", quote = "", after = "" } = groups;
  const name = (before.length < 16 ? before.replace(/^[-.]+/, "") : `…${before}`) + word;
  const yaml = /^\s{0,3}:\s+$/.test(join);
  return {
    name,
    value: secret,
    quoted: quote !== "",
    line: /^["\\]?$/.test(after) && (yaml || join === "="),
  };
}

const letters = /^[A-Za-z_]+$/;
const publicName = /public|gpg_key|primary|foreign|csrf|xsrf|(?:hash|salt|page|next|min|max)_?$/i;

/** A value behind a name that says password: no program's text, no placeholder. */
export function judgePassword(candidate: Candidate): Judgement | undefined {
  const setting = settingOf(candidate);
  const { name, value, quoted, line } = setting;
  if (value.length < 5 || publicName.test(name) || !mayBePassword(value)) return undefined;
  if (/^[\d.,:-]+$/.test(value) && !(line || quoted)) return undefined;
  // The shell's working folder; a phrase of help texts: "some password".
  if (/^(?:OLD)?PWD$/.test(name) || (value.includes(" ") && !isPhrase(value))) return undefined;
  // A word of letters may as well be a variable's name, unless it is the value of an environment's.
  if (letters.test(value) && !(line && isUpper(name))) return undefined;
  if (/^[\w:.-]+$/.test(value) && !/\d/.test(value) && !line) return undefined;
  return judged(setting, entropy(value) >= 2.2);
}

/** Some words that somebody chose, none of which stands in sentences about passwords. */
function isPhrase(value: string): boolean {
  const words = value.split(" ");
  return words.length >= 3 && words.every((word) => word !== "" && mayBePassword(word));
}

/** A value behind a name that says token, key or secret: random, or an environment's own. */
export function judgeSecret(candidate: Candidate): Judgement | undefined {
  const setting = settingOf(candidate);
  const { name, value, line } = setting;
  if (value.length < 8 || publicName.test(name) || !mayBePassword(value)) return undefined;
  if (/^[\d.,:-]+$/.test(value)) return undefined;
  if (line && isUpper(name)) return judged(setting, entropy(value) >= 2.5);
  return judged(setting, isRandom(value));
}

const isUpper = (name: string): boolean => /^…?[A-Z][A-Z0-9_]*$/.test(name);

/** Digits among letters, and as many kinds of characters as chance would give. */
function isRandom(value: string): boolean {
  const changes = value.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])|[a-z](?=[A-Z])/g)?.length ?? 0;
  return value.length >= 16 && changes >= 3 && /\d/.test(value) && entropy(value) >= 3.2;
}

function judged({ name, value }: Setting, accepted: boolean): Judgement | undefined {
  if (!accepted) return undefined;
  const strong = isRandom(value);
  const severity: SecretSeverity = isExample(value) ? "low" : strong ? "high" : "medium";
  return {
    proof: "form",
    facts: { name, ...(isExample(value) && { example: true }) },
    severity,
  };
}
