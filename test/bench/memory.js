// What is measured of memory: search, texts and dumps against the tools that people use on the
// same bytes. The archive is real memory in size, not sparse: holes would flatter us.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "./measure.js";

const needle = "/bin/counter";
const expression = "/bin/c[a-z]+er";

/** grep and rg stop at the first match when nobody can read the rest, so somebody does. */
const read = (...words) => ["sh", "-c", '"$@" | cat', "sh", ...words];

/** Is a tool of that name installed? */
async function here(tool) {
  const { status } = await run([tool, "--version"]).catch(() => ({ status: 127 }));
  return status === 0;
}

/** In a new empty folder each time, because neither we nor a fair copy write over files. */
function anew(folder, words) {
  return [
    "sh",
    "-c",
    'rm -rf "$1" && mkdir -m 700 "$1" && shift && exec "$@"',
    "sh",
    folder,
    ...words,
  ];
}

/**
 * @param path a plain archive with `size` of pages
 * @param memory words of a `memory` command: verb and its options
 * @param measure prints a group: title, rounds, entries
 */
export async function measureMemory({ path, size, folder, memory, measure, rounds }) {
  await measure(`literal search, ${size}`, rounds.short, [
    { label: "grep -c -a -F", words: read("grep", "-c", "-a", "-F", needle, path) },
    {
      label: "memory search --text",
      words: memory("search", "--text", needle),
      limit: 0.85,
      peakLimit: 200 * 2 ** 20,
    },
  ]);
  const expressions = [
    { label: "grep -c -a -P", words: read("grep", "-c", "-a", "-P", expression, path) },
    { label: "memory search --regex", words: memory("search", "--regex", expression) },
  ];
  if (await here("rg")) {
    expressions[1].limit = 1.5;
    expressions.unshift({ label: "rg -a -c", words: read("rg", "-a", "-c", expression, path) });
    [expressions[1], expressions[2]] = [expressions[2], expressions[1]];
  }
  await measure(`regular expression, ${size}`, rounds.short, expressions);
  if (await here("strings")) {
    await measure(`texts, ${size}`, 1, [
      { label: "strings -n 6", words: ["strings", "-n", "6", path] },
      {
        label: "memory strings -q",
        words: memory("strings", "-q", "--reveal"),
        limit: 0.1,
        peakLimit: 200 * 2 ** 20,
      },
    ]);
  }
  const target = join(folder, "copy");
  mkdirSync(target, { mode: 0o700 });
  await measure(`dump, ${size}`, rounds.long, [
    { label: "cp", words: anew(target, ["cp", path, join(target, "copy.tar")]) },
    {
      label: "memory dump",
      words: anew(target, memory("dump", "-q", "-C", target)),
      limit: 1.2,
      peakLimit: 200 * 2 ** 20,
    },
  ]);
}
