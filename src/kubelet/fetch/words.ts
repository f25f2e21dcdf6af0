import { RefusedError, UsageError } from "../../base/errors.ts";

const usage = (what: string, found: string): UsageError =>
  new UsageError({
    code: "fetch-command",
    what,
    found,
    allowed: "a program and its words, {node} and {path} inside them: 'ssh {node} sudo cat {path}'",
    next: "cryoscope checkpoint --help",
  });

/**
 * Splits a command into words, as a shell does with quotes and backslashes and nothing else:
 * nothing is expanded.
 * @throws {UsageError} where a quote is open or there is no word.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  const word = /(?:[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S])+|\S/g;
  for (const [part] of text.matchAll(word)) {
    if (/^['"\\]$/.test(part)) throw usage("--fetch-command has an open quote", clipped(text));
    words.push(unquoted(part));
  }
  if (words[0] === undefined || words[0] === "") {
    throw usage("--fetch-command names no program", text === "" ? "nothing" : clipped(text));
  }
  return words;
}

function unquoted(part: string): string {
  return part.replace(
    /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g,
    (_all, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? "",
  );
}

function clipped(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const known = ["node", "path"];

/**
 * Looks at a `--fetch-command` before anything is sent.
 * @throws {UsageError} where it does not say which archive is meant, or asks for what is not known.
 */
export function fetchWords(text: string): string[] {
  const words = splitWords(text);
  const holes = words.flatMap((word) => [...word.matchAll(/\{(\w*)\}/g)].map(([, name]) => name));
  const strange = holes.find((name) => !known.includes(name ?? ""));
  if (strange !== undefined)
    throw usage("--fetch-command asks for what is not known", `{${strange}}`);
  if (!holes.includes("path")) {
    throw usage("--fetch-command does not say which archive is meant", "no {path}");
  }
  return words;
}

/** Node names are DNS names; one that is not could be taken for an option. */
const nodeName = /^[a-z0-9](?:[-a-z0-9.:]*[a-z0-9])?$/i;

/**
 * Puts a node and a path where they belong, inside words; words stay as many as they are.
 * @throws {RefusedError} where the node's name is none.
 */
export function filledWords(words: readonly string[], node: string, path: string): string[] {
  if (!nodeName.test(node)) {
    throw new RefusedError({
      code: "fetch-command",
      what: "the node has a name that is not handed to a program",
      found: node,
      allowed: "letters, digits, dots and hyphens",
    });
  }
  return words.map((word) =>
    word.replace(/\{(node|path)\}/g, (_all, name) => (name === "node" ? node : path)),
  );
}
