// Stands for src/cli/command-line.ts in the built entry: loads the scripts that command-scripts.js
// made through V8's code cache, which spares about a third of the time that a small `inspect`
// takes. The cache belongs to one release of V8; another rejects it and compiles, so nothing
// depends on it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

/** Scripts that were loaded, by their names: what warm-up.js makes caches of. */
export const scripts = new Map();

const pieces = {};
const loaded = new Map();
const packages = createRequire(import.meta.url);

function cached(file) {
  try {
    return readFileSync(`${file}.cache`);
  } catch {
    return undefined;
  }
}

/** Compiles a script and takes its pieces; none of them is run. */
export function load(name) {
  const file = fileURLToPath(new URL(name, import.meta.url));
  // ASCII, so that half a megabyte need not be decoded. The cache keeps the name, so it must not
  // be a path of the machine that built it.
  const script = new Script(readFileSync(file, "latin1"), {
    filename: name,
    cachedData: cached(file),
  });
  scripts.set(name, script);
  Object.assign(pieces, script.runInThisContext());
}

function require(name) {
  // Modules of Node, and packages that only some calls need, which are files of their own.
  if (!name.startsWith("./") || name.startsWith("./packages/")) return packages(name);
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  if (pieces[name] === undefined) load(pieces.homes[name] ?? "late.cjs");
  const module = { exports: {} };
  loaded.set(name, module);
  pieces[name](module.exports, require, module);
  return module.exports;
}

load("command-line.cjs");

export const { runCommandLine } = require("./command-line.js");
