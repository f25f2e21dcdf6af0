// What is measured of memory: search and texts against the tools that people use on the
// same bytes. The archive is real memory in size, not sparse: holes would flatter us.
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

/**
 * @param path a plain archive with `size` of pages
 * @param memory words of a `memory` command: verb and its options
 * @param measure prints a group: title, rounds, entries
 */
export async function measureMemory({ path, size, memory, measure, rounds }) {
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
}

/**
 * Texts, of four characters or more as the tool's default is: all that is in memory, and what is
 * shown by default, with addresses and with secrets masked.
 * @param name what the memory is like
 */
export async function measureTexts({ path, size, name, memory, measure, rounds }) {
  if (!(await here("strings"))) return;
  const peakLimit = 200 * 2 ** 20;
  const least = ["--min-length", "4"];
  await measure(`texts of ${name}, ${size}`, rounds.long, [
    { label: "strings -a -n 4", words: ["strings", "-a", "-n", "4", path] },
    {
      label: "memory strings -q --reveal",
      words: memory("strings", ...least, "-q", "--reveal"),
      limit: 0.1,
      peakLimit,
    },
    { label: "memory strings -q", words: memory("strings", ...least, "-q"), peakLimit },
    { label: "memory strings", words: memory("strings", ...least), peakLimit },
  ]);
}

/** @param folder where the copies go; `before` empties it before each run. */
export async function measureDump({ path, size, memory, measure, rounds, folder, before }) {
  const copies = [
    { label: "cp", words: ["cp", path, `${folder}/copy`] },
    {
      label: "memory dump",
      words: memory("dump", "-q", "--pid", "1", "-C", folder),
      limit: 1.2,
      peakLimit: 200 * 2 ** 20,
    },
  ];
  await measure(`copies of all memory, ${size}`, rounds.short, copies, before);
}
