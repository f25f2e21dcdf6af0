// Stands for src/cli/command-line.ts in the built entry: loads command-line.cjs through V8's code
// cache, which spares about a third of the time that a small `inspect` takes. The cache belongs to
// one release of V8; another rejects it and compiles, so nothing depends on it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

const file = fileURLToPath(new URL("command-line.cjs", import.meta.url));

function cached() {
  try {
    return readFileSync(`${file}.cache`);
  } catch {
    return undefined;
  }
}

/**
 * Compiled, not run. The build has wrapped the file in a function already, and it is ASCII: to
 * join or to decode half a megabyte here would cost more than to compile it from the cache.
 */
export const script = new Script(
  readFileSync(file, "latin1"),
  // The cache keeps this name, so it must not be a path of the machine that built it.
  { filename: "command-line.cjs", cachedData: cached() },
);

const commandLine = { exports: {} };
script.runInThisContext()(commandLine.exports, createRequire(import.meta.url), commandLine);

export const { runCommandLine } = commandLine.exports;
