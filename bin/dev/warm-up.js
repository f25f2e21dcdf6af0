// Writes the code caches of the scripts in dist. The commands are run once before, so that the cache holds
// not only what is compiled on loading but also the functions that they call.
import { copyFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const dist = new URL("../../dist/", import.meta.url);
const samples = new URL("../../samples/", import.meta.url);
const loader = new URL("code-cache.js", dist);

// The loader finds its scripts beside itself.
copyFileSync(new URL("code-cache.js", import.meta.url), loader);
const { load, runCommandLine, scripts } = await import(loader.href);
rmSync(loader);

const silent = { isTTY: false, columns: undefined, colour: false, write: async () => true };
const io = {
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
for (const folder of ["crio", "containerd", "podman"]) {
  const path = fileURLToPath(new URL(`${folder}/`, samples));
  const plain = readdirSync(path).find((name) => name.endsWith(".tar"));
  for (const words of [["inspect"], ["images"], ["inspect", "-o", "json"]]) {
    await runCommandLine([...words, "--permissions", "any", `${path}${plain}`], io);
  }
  await runCommandLine(["list", "--permissions", "any", path], io);
}
writeCache("command-line.cjs");
const rich = fileURLToPath(new URL("podman/rich-crun.tar", samples));
for (const words of [["ps"], ["files"], ["env"], ["memory", "ls"], ["audit", "--no-memory"]]) {
  await runCommandLine([...words, "--permissions", "any", rich], io);
}
// What no command has loaded has a cache too: of what is compiled on loading alone.
for (const name of readdirSync(dist)) {
  if (!name.endsWith(".cjs") || name === "command-line.cjs") continue;
  if (!scripts.has(name)) load(name);
  writeCache(name);
}

function writeCache(name) {
  writeFileSync(new URL(`${name}.cache`, dist), scripts.get(name).createCachedData());
}
