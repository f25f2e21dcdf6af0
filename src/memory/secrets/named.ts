import { isSecretName } from "../../base/mask.ts";
import type { Judgement } from "./detector.ts";
import type { Namer, Sighted } from "./examine.ts";
import { entropy } from "./validate/entropy.ts";
import { isExample } from "./validate/invented.ts";

/** What its name alone says is secret, in an environment. */
export const namedVariable: Namer = {
  id: "named-variable",
  title: "Variable whose name says that it is secret",
  group: "assignment",
  severity: "medium",
};

/** What an option of a command says is secret. */
export const commandLineFlag: Namer = {
  id: "command-line-flag",
  title: "Secret in an option of a command",
  group: "assignment",
  severity: "medium",
};

/** Those that know a secret by where it stands, beside the detectors that know its form. */
export const namers: readonly Namer[] = [namedVariable, commandLineFlag];

/** A text with a place of its own: a variable, an argument, a string of a document. */
export interface Entry {
  text: string;
  /** Offset of its first byte. */
  start: number;
  /** Bytes of it, where they are others than its characters: escapes of JSON. */
  length?: number;
}

/** A value that has its name beside it. Offsets in bytes. */
export interface NamedValue {
  name: string;
  value: string;
  start: number;
  end: number;
}

const assignment = /^(?<name>[A-Za-z_][\w.-]*)=(?<value>[\s\S]+)$/;
const flag = /^(?<name>--?[A-Za-z][\w.-]*)=(?<value>[\s\S]+)$/;
const flagName = /^--?[A-Za-z][\w.-]*$/;

/** A variable that is secret by its name. */
export function secretVariable(entry: Entry): Sighted | undefined {
  return named(namedVariable, entry, assignment);
}

/** A value that is secret by the name beside it. */
export function secretValue({ name, value, start, end }: NamedValue): Sighted | undefined {
  if (!isSecret(name, value)) return undefined;
  return sighted(namedVariable, name, { text: value, start, length: end - start }, 0);
}

/** The arguments of a command that are secret by the option before them. */
export function secretFlags(entries: readonly Entry[]): Sighted[] {
  return entries.flatMap((entry, index): Sighted[] => {
    const within = named(commandLineFlag, entry, flag) ?? named(commandLineFlag, entry, assignment);
    if (within !== undefined) return [within];
    const name = entries[index - 1]?.text ?? "";
    const behind = flagName.test(name) && !flagName.test(entry.text);
    if (!behind || !isSecret(name, entry.text)) return [];
    return [sighted(commandLineFlag, name, entry, 0)];
  });
}

function named(by: Namer, entry: Entry, form: RegExp): Sighted | undefined {
  const { name = "", value = "" } = form.exec(entry.text)?.groups ?? {};
  if (!isSecret(name, value)) return undefined;
  return sighted(by, name, entry, entry.text.length - value.length);
}

function sighted(by: Namer, name: string, entry: Entry, from: number): Sighted {
  const { text, start, length = text.length } = entry;
  const secret = text.slice(from);
  const example = isExample(secret);
  const judgement: Judgement = {
    proof: "structure",
    facts: { name: name.replace(/^-+/, ""), ...(example ? { example } : {}) },
    severity: example ? "low" : isRandom(secret) ? "high" : by.severity,
  };
  const begin = { start: start + from, end: start + length };
  return { by, judgement, ...begin, secret, prefix: 0, encoding: "ascii" };
}

/** A key that a machine made, and not a word that somebody chose. */
function isRandom(value: string): boolean {
  return value.length >= 20 && /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) >= 3.5;
}

/** Names that speak of a secret and hold none: where it is, how long it lives, whether it is. */
const aboutSecrets =
  /(?:file|path|dir|directory|url|uri|host|port|user|username|name|id|type|method|mode|sock|socket|ttl|timeout|expiry|expires|expiration|length|size|count|enabled|disabled|required|policy|algorithm|version|prefix)s?$/i;
const isFlagValue =
  /^(?:true|false|yes|no|on|off|none|null|nil|undefined|disabled|enabled|optional|required|\d)$/i;
/** What will be put in there, or was taken out. */
const placeholder =
  /^(?:\$\{[^}]*\}|\$\([^)]*\)|\$\w+|<[^>]*>|\{\{[^}]*\}\}|\*+|x{3,}|•+|\.{3}|%\w+%)$/i;
const filePath = /^(?:file:\/\/)?(?:\.{0,2}\/[\w.@+-]+){2,}\/?$/;

function isSecret(name: string, value: string): boolean {
  const bare = name.replace(/^-+/, "");
  if (!isSecretName(bare) || aboutSecrets.test(bare)) return false;
  if (value.trim() === "" || isFlagValue.test(value) || placeholder.test(value)) return false;
  // What is random has capitals, digits and plus signs between its slashes, and is long.
  return !(filePath.test(value) && (value.length < 32 || /[./][a-z]+$/.test(value)));
}
