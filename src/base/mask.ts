import { mayHoldSecret } from "./secret-words.ts";

/** What stands for a secret that was not asked for. Its length says nothing of the secret's. */
export const masked = "••••••••";

const secretName =
  /(?:pass(?:wd|word|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|auth|authorization)s?$/i;
const keyOfName = /(?:^|[-_.])(?:pat|pin|salt|dsn|cookie|jwt)$|[-_.]key$/i;
/** Names that end like secrets and are none: the working folder, counts of tokens. */
const plainName =
  /^(?:OLD)?PWD$|(?:^|[-_.])(?:bypass|compass)$|(?:max|min|num)\w{0,40}[-_.]?tokens$/;

/** Does a name announce that its value is secret? */
export function isSecretName(name: string): boolean {
  const bare = name.replace(/^-+/, "");
  if (plainName.test(bare)) return false;
  return secretName.test(bare) || keyOfName.test(bare) || /(?:passw|secret)/i.test(bare);
}

/** Hides secrets in one argument or variable: `NAME=value`, a URL, a script. */
function maskAssignment(value: string): string {
  const match = /^(-{0,2}[A-Za-z_][\w.-]*)=([\s\S]+)$/.exec(value);
  if (match !== null && isSecretName(match[1] as string)) return `${match[1]}=${masked}`;
  return maskText(value);
}

/** Hides secrets in a command line: `--password=x`, `--password x`, `PASSWORD=x`, URLs, scripts. */
export function maskCommand(command: readonly string[]): string[] {
  let flagBefore = false;
  return command.map((argument) => {
    const isFlag = /^-{1,2}[A-Za-z]/.test(argument);
    const hide = flagBefore && !isFlag;
    flagBefore = isFlag && !argument.includes("=") && isSecretName(argument);
    return hide ? masked : maskAssignment(argument);
  });
}

/** Hides secrets in a value that has a name of its own: an annotation, a variable. */
export function maskNamed(name: string, value: string): string {
  return isSecretName(name) ? masked : maskText(value);
}

// What stands before the value of each form. A document may stand as text in another, so a quote
// may have backslashes before it, and is closed by the same; their number is bounded, because an
// archive could hold a million in a row.
const heads: readonly RegExp[] = [
  // {"name":"A_TOKEN","value":"…
  /(?<quote>\\{0,31}")name\k<quote>\s*:\s*\k<quote>(?<name>[^"\\]+)\k<quote>\s*,\s*\k<quote>value\k<quote>\s*:\s*\k<quote>/g,
  // {"token":"…
  /(\\{0,31}["'])(?<name>[\w./-]+)\1\s*[:=]\s*(?<quote>\\{0,31}["'])/g,
  // ["--token","…
  /(\\{0,31}["'])(?<name>--?[A-Za-z][\w-]*)\1\s*,\s*(?<quote>\\{0,31}["'])(?!-)/g,
  // --token …
  /(?<=^|\s)(?<name>--?[A-Za-z][\w-]*)\s+(?![-\s])(?<quote>\\{0,31}["'])?/g,
  // "TOKEN=…
  /(?<quote>\\{0,31}["'])(?<name>-{0,2}[A-Za-z_][\w.-]*)(?:=|:[ \t]+)/g,
  // TOKEN=… and YAML's token: …
  /(?<=^|[\s`,;?&{(])(?<name>-{0,2}[A-Za-z_][\w.-]*)(?:=|:[ \t]+)(?<quote>\\{0,31}["'])?/g,
];
/** A value without quotes of its own ends at a space, at `&` of a URL, at the quote around it. */
const bareValue = /(?:(?!\\{0,31}["'])[^\s&])*/y;
const httpHeader = /\b(bearer|basic)(\s+)[\w.~+/=-]{6,}/gi;
const urlPassword = /\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"']*:)[^\s/"']+@/gi;

/**
 * Hides secrets inside free text: JSON and YAML in annotations, environments and arguments in
 * them, `KEY=value` words, URLs, HTTP headers.
 */
export function maskText(value: string): string {
  return mayHoldSecret(value) ? maskMarked(value) : value;
}

/** The same for a text that may hold one; says nothing else of others, and takes its time. */
export function maskMarked(value: string): string {
  const text = value.replace(httpHeader, `$1$2${masked}`).replace(urlPassword, `$1${masked}@`);
  return heads.reduce(maskAfter, text);
}

/** Hides the value after each head that names a secret. Values of others may hold more heads. */
function maskAfter(text: string, head: RegExp): string {
  let result = "";
  let done = 0;
  for (const { 0: found, index, groups } of text.matchAll(head)) {
    if (index < done || !isSecretName(groups?.["name"] ?? "")) continue;
    const start = index + found.length;
    result += text.slice(done, start) + masked;
    done = valueEnd(text, start, groups?.["quote"]);
  }
  return result + text.slice(done);
}

function valueEnd(text: string, start: number, quote: string | undefined): number {
  if (quote === undefined) {
    bareValue.lastIndex = start;
    return start + (bareValue.exec(text)?.[0].length ?? 0);
  }
  let end = text.indexOf(quote, start);
  // One more backslash before it: the quote is part of the value.
  while (end > start && text[end - 1] === "\\") end = text.indexOf(quote, end + 1);
  return end === -1 ? text.length : end;
}
