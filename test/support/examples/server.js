// The process in which examples run: the built command, called again and again. It changes its folder
// for each, which threads of a test cannot, and takes one call after the other.
import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import jq from "@michaelhomer/jqjs";
import { main } from "../../../dist/cli.cjs";

/** The samples were made two hours before. */
const now = Date.parse("2026-11-21T23:20:30Z");
/** Of each command: options that take a value, and whether it opens archives and may go without. */
let commands = {};
let calls = [];
const kubelet = "var/lib/kubelet/checkpoints";
let queue = Promise.resolve();

const server = createServer((socket) => {
  let bytes = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    const words = bytes.toString().split("\0");
    if (words.length < Number(words[0]) + 2) return;
    const [, dry, folder, result, input, ...argv] = words.slice(0, -1);
    queue = queue.then(async () => {
      socket.end(await call(argv, { dry: dry === "yes", folder, result, input }));
    });
  });
  socket.on("error", () => {});
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));

process.on("message", (message) => {
  if (message.commands) commands = message.commands;
  if (message.calls) {
    process.send({ calls });
    calls = [];
  }
});
process.on("disconnect", () => process.exit());

async function call([program, ...argv], { dry, folder, result, input }) {
  if (program !== "jq") calls.push({ program, argv, dry });
  if (dry) return "0\n";
  process.chdir(folder);
  const streams = { out: [], err: [] };
  let code;
  try {
    code =
      program === "jq" ? query(argv, input, streams) : await run(program, argv, input, streams);
  } catch (error) {
    code = 99;
    streams.err.push(Buffer.from(`${program}: ${error?.stack ?? error}\n`));
  }
  // What is empty needs no program to print it.
  const said = ["out", "err"].map((name) => {
    writeFileSync(`${result}.${name}`, Buffer.concat(streams[name]));
    return streams[name].length === 0 ? "no" : "yes";
  });
  return `${code} ${said.join(" ")}\n`;
}

function run(calledAs, argv, input, streams) {
  const sink = (name) => ({
    isTTY: false,
    columns: undefined,
    colour: false,
    write: async (chunk) => {
      streams[name].push(Buffer.from(chunk));
      return true;
    },
  });
  return main(asHere(argv), {
    calledAs,
    out: sink("out"),
    err: sink("err"),
    stdin: { isTTY: false, isFile: false, stream: () => createReadStream(input) },
    env: { HOME: process.env.HOME },
    now: () => now,
    timer: (milliseconds, ring) => {
      const timer = setTimeout(ring, milliseconds);
      return () => clearTimeout(timer);
    },
    onInterrupt: () => () => {},
    interruptible: (work) => work(),
    openTui: async () => 70,
    partial: () => {},
  });
}

/**
 * Examples are of a node and of root; here they run as anybody, on copies of their own, with the
 * folder of checkpoints elsewhere.
 */
function asHere(argv) {
  const words = [1, 2].map((count) => argv.slice(0, count).join(" "));
  const name = words.reverse().find((it) => commands[it] !== undefined);
  if (name === undefined || argv.includes("--help")) return argv;
  const { values, gate, folder } = commands[name];
  const rest = argv.slice(name.split(" ").length);
  const given = rest.filter(
    (word, at) => (word === "-" || !word.startsWith("-")) && !values.includes(rest[at - 1]),
  );
  return [
    ...name.split(" "),
    ...(gate && !rest.some((word) => word.startsWith("--permissions"))
      ? ["--permissions", "owner"]
      : []),
    ...rest,
    ...(folder && given.length === 0 && !rest.includes("--print-policy")
      ? [join(process.cwd(), kubelet)]
      : []),
  ];
}

/** What examples ask of jq, by an implementation that is on every machine. */
function query(argv, input, { out }) {
  const flags = argv.filter((word) => /^-[a-zA-Z]+$/.test(word)).join("");
  const [program, ...files] = argv.filter((word) => !/^-[a-zA-Z]+$/.test(word));
  const unknown = flags.replace(/[-rces]/g, "");
  if (unknown !== "") throw new Error(`-${unknown} of jq is not known to the examples`);
  const text =
    files.length === 0
      ? readFileSync(input, "utf8")
      : files.map((file) => readFileSync(file, "utf8")).join("\n");
  const documents = parsed(text);
  const found = [];
  for (const document of flags.includes("s") ? [documents] : documents) {
    for (const value of jq.compile(program)(document)) found.push(value);
  }
  for (const value of found) {
    const plain = flags.includes("r") && typeof value === "string";
    const line = plain
      ? value
      : flags.includes("c")
        ? JSON.stringify(value)
        : JSON.stringify(value, null, 2);
    out.push(Buffer.from(`${line}\n`));
  }
  const last = found.at(-1);
  return flags.includes("e") && (last === undefined || last === null || last === false) ? 1 : 0;
}

/** One document, or one a line. */
function parsed(text) {
  try {
    return [JSON.parse(text)];
  } catch {
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line));
  }
}
