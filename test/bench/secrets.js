// The search for secrets against one rg with the same expressions, and against reading the bytes.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { detectors } from "../../dist/index.js";
import { run } from "./measure.js";

const escaped = String.raw`\\(?:k<\w+>|[\s\S])`;
const bracket = String.raw`\[\^?(?:\\[\s\S]|[^\]\\])*\]`;
const opening = String.raw`\((?:\?(?:<?[=!]|<\w+>|:))?`;
const tokens = new RegExp(`${escaped}|${bracket}|${opening}|\\)|[^\\\\[()]`, "g");
const quantifier = /^(?:[*+?]|\{\d+,?\d*\})\??/;

/**
 * An expression as rg reads it: without what looks around, which rg's engine does not know, without
 * names of groups, and with what a reference repeats (a quote) as any few characters.
 */
export function forRg({ source, flags }) {
  const text = [...withoutLooks(source).matchAll(tokens)].map(([token]) => plain(token)).join("");
  return `(?${flags}:${text})`;
}

function withoutLooks(source) {
  for (const { 0: token, index } of source.matchAll(tokens)) {
    if (!/^\(\?<?[=!]$/.test(token)) continue;
    const end = groupEnd(source, index);
    const rest = source.slice(end).replace(quantifier, "");
    return source.slice(0, index) + withoutLooks(rest);
  }
  return source;
}

/** First character behind the group that begins at `start`. */
function groupEnd(source, start) {
  let depth = 0;
  for (const { 0: token, index } of source.slice(start).matchAll(tokens)) {
    if (token.startsWith("(")) depth += 1;
    else if (token === ")") depth -= 1;
    if (depth === 0) return start + index + 1;
  }
  return source.length;
}

function plain(token) {
  if (token.startsWith("\\k<")) return "[ -~]{1,4}";
  if (token === "\\/") return "/";
  if (token.startsWith("(?<")) return "(?:";
  if (!token.startsWith("[")) return token;
  const negated = token.startsWith("[^") ? "[^" : "[";
  const inside = token.slice(negated.length, -1).replaceAll("\\/", "/");
  return `${negated}${inside.replace(/\\[\s\S]|[[&~]/g, (each) => (each.length === 2 ? each : `\\${each}`))}]`;
}

/**
 * @param path a plain archive with `size` of pages
 * @param memory words of a `memory` command: verb and its options
 * @param measure prints a group: title, rounds, entries
 */
export async function measureSecrets({ path, size, name, memory, measure, rounds, folder }) {
  const ours = {
    label: "memory secrets --memory-only -q",
    words: memory("secrets", "--memory-only", "-q"),
    peakLimit: 250 * 2 ** 20,
  };
  const read = { label: "cat >/dev/null", words: ["sh", "-c", 'cat "$1" >/dev/null', "sh", path] };
  const title = `secrets in ${name}, ${detectors.length} detectors, ${size}`;
  await measure(`${title}, against reading`, rounds.long, [read, ours]);
  const { status } = await run(["rg", "--version"]).catch(() => ({ status: 127 }));
  if (status !== 0) {
    console.log(`\n${title}: rg is not here`);
    return;
  }
  const file = join(folder, "expressions");
  writeFileSync(file, detectors.map(({ expression }) => `${forRg(expression)}\n`).join(""));
  const words = ["sh", "-c", 'rg -c -a --no-unicode -f "$1" "$2" | cat', "sh", file, path];
  await measure(`${title}, against one rg`, rounds.long, [
    { label: "rg -c -a -f expressions", words },
    { ...ours, limit: 1 },
  ]);
}
