// The terminal UI: how soon it shows an archive, and how soon a key is answered where there are a
// hundred thousand rows. It runs in a pseudo-terminal (script, of util-linux), as people run it.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { sample } from "./archives.js";
import { interleave, run, summary } from "./measure.js";
import { members, padding, withSize } from "./tar.js";

const node = process.execPath;
const command = fileURLToPath(new URL("../../bin/cryoscope.cjs", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const rows = 100_000;

/** Undefined where there is no pseudo-terminal to be had. */
export function hasTerminal() {
  return spawnSync("script", ["--version"]).status === 0;
}

/** Times and groups, for `add`. */
export async function measureTui({ folder, archive, permissions, rounds, add }) {
  const hello = join(folder, "ink-hello.mjs");
  await writeHello(hello);
  await firstFrame({ hello, archive, permissions, rounds, add });
  const many = join(folder, "mappings.tar");
  await writeMappings(many, folder);
  await manyRows({ archive: many, permissions, add });
}

/** The least that Ink can draw, built as the UI is: what Ink's own start costs. */
async function writeHello(file) {
  await build({
    stdin: {
      contents: `
        import { render, Text } from "ink";
        import { createElement } from "react";
        render(createElement(Text, null, "drawn"), { debug: true });
      `,
      resolveDir: root,
    },
    outfile: file,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    minify: true,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [noDevtools],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
}

/** As in our own build: Ink's bridge to React's developer tools is left out. */
const noDevtools = {
  name: "no-devtools",
  setup({ onLoad }) {
    onLoad({ filter: /ink\/build\/devtools\.js$/ }, () => ({ contents: "" }));
  },
};

async function firstFrame({ hello, archive, permissions, rounds, add }) {
  const commands = [
    { words: [node, "-e", "console.log('drawn')"], until: "drawn" },
    { words: [node, hello], until: "drawn" },
    { words: [node, command, "inspect", ...permissions, archive.path], until: "Mounts" },
    { words: [node, command, "open", ...permissions, archive.path], until: "What fills it" },
  ];
  const times = await interleave(commands, rounds, timeUntil);
  const [bare, ink, inspect, open] = times;
  const start = ink.median - bare.median;
  // The target is a sum of two measured times, so it is a row of its own to compare with.
  const allowed = { ...inspect, median: 1.5 * inspect.median + start, p10: 1.5 * inspect.p10 };
  add({
    title: `The terminal UI, first frame of ${archive.size}`,
    against: "1.5 × inspect and Ink's own start",
    rows: [
      { label: "1.5 × inspect + Ink", ...allowed },
      { label: "node -e", ...bare },
      { label: "Ink, one word", ...ink },
      { label: `inspect ${archive.size}`, ...inspect },
      { label: `open ${archive.size}`, ...open, ratio: open.median / allowed.median, limit: 1 },
    ],
  });
}

/** Runs a command in a pseudo-terminal until it has shown a text. */
async function timeUntil({ words, until }) {
  const terminal = new Pty(words);
  const started = process.hrtime.bigint();
  const shown = await terminal.shows(until);
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  await terminal.end();
  return { ms, status: shown ? 0 : "not shown" };
}

/** Frames end with this (synchronised output), so it tells when one is whole. */
const frameEnd = "\u001b[?2026l";

async function manyRows({ archive, permissions, add }) {
  const ui = new Pty([node, command, "open", ...permissions, archive]);
  await ui.shows("What fills it");
  ui.type(":memory\r");
  const loaded = await ui.shows(/of (100000|100,000)/);
  // The first pages make what all others use again.
  await ui.timeKeys("\u001b[6~", 150);
  const before = ui.memory();
  const scroll = await ui.timeKeys("\u001b[6~", 60);
  const step = await ui.timeKeys("j", 60);
  const after = ui.memory();
  const filter = await ui.timeKeys("/", 1);
  const typed = [];
  for (const key of "7f0") typed.push(...(await ui.timeKeys(key, 1)));
  await ui.end();
  const status = loaded ? 0 : "not shown";
  const row = (label, times) => ({ label, ...summary(times), status });
  add({
    title: `The terminal UI, ${rows.toLocaleString("en")} rows, from a key to its frame`,
    against: "50 ms to scroll, 100 ms to filter",
    rows: [
      { ...row("page down", scroll), peak: after, ratio: summary(scroll).median / 50, limit: 1 },
      { ...row("row down", step), peak: after, ratio: summary(step).median / 50, limit: 1 },
      { ...row("open the filter", filter) },
      { ...row("a letter of the filter", typed), ratio: Math.max(...typed) / 100, limit: 1 },
      {
        ...row("memory after / before scrolling", [0]),
        peak: after,
        ratio: after / before,
        limit: 1.25,
      },
    ],
  });
}

/** A command in a pseudo-terminal of 120 columns and 40 rows. */
class Pty {
  #child;
  #text = "";
  #wake = () => {};

  constructor(words) {
    const line = `stty cols 120 rows 40; exec ${words.map((word) => `'${word}'`).join(" ")}`;
    this.#child = spawn("script", ["-qefc", line, "/dev/null"], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, TERM: "xterm-256color", NO_COLOR: "" },
    });
    this.#child.stdin.on("error", () => {});
    this.#child.stdout.setEncoding("utf8").on("data", (part) => {
      this.#text += part;
      this.#wake();
    });
    this.#child.on("exit", () => this.#wake());
  }

  type(keys) {
    this.#child.stdin.write(keys);
  }

  /** Waits, at most a minute, until what came since the last call holds a text. */
  async shows(expected) {
    const late = Date.now() + 60_000;
    const found = () =>
      typeof expected === "string" ? this.#text.includes(expected) : expected.test(this.#text);
    while (!found()) {
      if (this.#child.exitCode !== null || Date.now() > late) return found();
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 100);
      });
    }
    return true;
  }

  /** Types a key so many times, each when the frame of the one before is there: milliseconds. */
  async timeKeys(key, count) {
    const times = [];
    for (let left = count; left > 0; left -= 1) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      this.#text = "";
      const started = process.hrtime.bigint();
      this.type(key);
      await this.shows(frameEnd);
      times.push(Number(process.hrtime.bigint() - started) / 1e6);
    }
    return times;
  }

  /** Bytes of memory that the UI holds now: the process below `script`. */
  memory() {
    const { pid } = this.#child;
    const child = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0];
    const rss = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${child}/status`, "utf8"));
    return Number(rss?.[1] ?? 0) * 1024;
  }

  async end() {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    if (this.#child.exitCode !== null) return;
    this.type("\u0003");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 3000);
    await ended;
    clearTimeout(timer);
  }
}

/** The sample with a hundred thousand mappings more in one process, by our own encoder. */
async function writeMappings(path, folder) {
  const images = join(folder, "images");
  mkdirSync(images, { mode: 0o700 });
  const file = openSync(path, "wx", 0o600);
  for (const { header, name, body } of members(readFileSync(sample))) {
    const grown = /mm-1\.img$/.test(name) ? await growMappings(body, images) : body;
    const head = grown === body ? header : withSize(header, grown.length);
    writeSync(file, Buffer.concat([head, grown, Buffer.alloc(padding(grown.length))]));
  }
  writeSync(file, Buffer.alloc(1024));
  closeSync(file);
}

async function growMappings(image, folder) {
  const before = join(folder, "mm-1.img");
  const json = join(folder, "mm-1.json");
  const after = join(folder, "grown.img");
  writeFileSync(before, image, { mode: 0o600 });
  // A folder of one image is no checkpoint, so the image is read through an archive's command.
  const { text } = await run(
    [node, command, "decode", "--permissions", "any", sample, "mm-1.img"],
    { output: true },
  );
  const document = JSON.parse(text);
  const [entry] = document.entries;
  const model = entry.vmas.find(({ shmid, fd }) => Number(shmid) === 0 && Number(fd) === -1);
  const first = 0x100000000000n;
  const added = Array.from({ length: rows - entry.vmas.length }, (_, at) => ({
    ...model,
    start: `0x${(first + BigInt(at) * 8192n).toString(16)}`,
    end: `0x${(first + BigInt(at) * 8192n + 4096n).toString(16)}`,
  }));
  entry.vmas = [...entry.vmas, ...added].sort((a, b) =>
    BigInt(a.start) < BigInt(b.start) ? -1 : 1,
  );
  writeFileSync(json, JSON.stringify(document), { mode: 0o600 });
  const { status } = await run([node, command, "encode", json, "--output-file", after]);
  if (status !== 0) throw new Error(`encode ended with ${status}`);
  return readFileSync(after);
}
