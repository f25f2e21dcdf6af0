// Writes the code caches of the scripts in a folder. The commands are run once before, so that the
// cache holds not only what is compiled on loading but also the functions that they call.
//
//   node bin/dev/warm-up.js FOLDER [--start]    of the script that every command loads alone
//   node bin/dev/warm-up.js FOLDER --own        for a program that brings this Node with it
import { copyFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cacheName } from "./cache-name.js";

const folder = pathToFileURL(`${resolve(process.argv[2])}/`);
const own = process.argv[3] === "--own";
const samples = new URL("../../samples/", import.meta.url);

// The loader finds its scripts beside itself.
const loader = ["code-cache.js", "scripts.js", "built-files.js", "cache-name.js"];
for (const name of loader) copyFileSync(new URL(name, import.meta.url), new URL(name, folder));
const { runCommandLine } = await import(new URL("code-cache.js", folder).href);
const { load, scripts } = await import(new URL("scripts.js", folder).href);
for (const name of loader) rmSync(new URL(name, folder));

const silent = { isTTY: false, columns: undefined, colour: false, write: async () => true };
const io = {
  calledAs: "cryoscope",
  out: silent,
  err: silent,
  stdin: { isTTY: false, isFile: false, stream: async function* () {} },
  env: {},
  now: Date.now,
  timer: () => () => {},
  onInterrupt: () => () => {},
  openTui: async () => 70,
  interruptible: (work) => work(),
  partial: () => {},
};
for (const runtime of ["crio", "containerd", "podman"]) {
  const path = fileURLToPath(new URL(`${runtime}/`, samples));
  const plain = readdirSync(path).find((name) => name.endsWith(".tar"));
  for (const words of [["inspect"], ["images"], ["inspect", "-o", "json"]]) {
    await runCommandLine([...words, "--permissions", "any", `${path}${plain}`], io);
  }
  await runCommandLine(["list", "--permissions", "any", path], io);
}
writeCache("command-line.cjs");
if (process.argv[3] !== "--start") await warmOthers();

async function warmOthers() {
  const rich = fileURLToPath(new URL("podman/rich-crun.tar", samples));
  for (const words of [["ps"], ["files"], ["env"], ["memory", "ls"], ["audit", "--no-memory"]]) {
    await runCommandLine([...words, "--permissions", "any", rich], io);
  }
  // What no command has loaded has a cache too: of what is compiled on loading alone.
  for (const name of readdirSync(folder)) {
    if (!/^(late|tui).*\.cjs$/.test(name)) continue;
    if (!scripts.has(name)) load(name);
    writeCache(name);
  }
}

function writeCache(name) {
  writeFileSync(
    new URL(own ? `${name}.cache` : cacheName(name), folder),
    scripts.get(name).createCachedData(),
  );
}
