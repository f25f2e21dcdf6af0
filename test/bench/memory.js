// What is measured of memory: search and texts against the tools that people use on the
// same bytes. The archive is real memory in size, not sparse: holes would flatter us.
import { run } from "./measure.js";

const needle = "/bin/counter";
/**
 * What a kernel can look for in different ways. rg reads classes as Unicode unless it is told
 * otherwise, which memory is not, and takes forty times as long for it.
 */
const expressions = [
  { name: "begins with a literal", source: "/bin/c[a-z]+er" },
  { name: "a literal inside", source: "[a-z]+_secret=\\w+" },
  { name: "classes alone", source: "\\b[0-9]{4}-[0-9]{4}-[0-9]{4}\\b" },
  { name: "two literals, case ignored", source: "password=\\w+|api_key=\\w+", flags: ["-i"] },
];

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
  const rg = await here("rg");
  for (const { name, source, flags = [] } of expressions) {
    const grep = { label: "grep -c -a -P", words: read("grep", "-caP", ...flags, source, path) };
    const ours = {
      label: "memory search --regex",
      words: read(...memory("search", "--regex", source, ...flags)),
      peakLimit: 200 * 2 ** 20,
    };
    const words = read("rg", "-c", "-a", "--no-unicode", ...flags, source, path);
    const entries = rg
      ? [{ label: "rg -c -a", words }, { ...ours, limit: 1.5 }, grep]
      : [grep, ours];
    await measure(`regular expression, ${name}, ${size}`, rounds.short, entries);
  }
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
