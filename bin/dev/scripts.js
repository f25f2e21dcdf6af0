// Runs built scripts through their V8 code caches. A cache belongs to one release of V8; another
// rejects it and compiles, so nothing depends on it.
import { Script } from "node:vm";
import { requirePackage, script } from "./built-files.js";

/** Scripts that were loaded, by their names: what warm-up.js makes caches of. */
export const scripts = new Map();

const pieces = {};
const loaded = new Map();

/** Compiles a script; what it evaluates to are functions, none of which is run. */
export function load(name) {
  const { text, cache } = script(name);
  // The cache keeps the name, so it must not be a path of the machine that built it.
  const compiled = new Script(text, { filename: name, cachedData: cache });
  scripts.set(name, compiled);
  return compiled.runInThisContext();
}

/** What a piece of the command line exports, or a module of Node's, or a package. */
export function requirePiece(name) {
  // Packages that only some calls need are files of their own.
  if (!name.startsWith("./") || name.startsWith("./packages/")) return requirePackage(name);
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  if (pieces[name] === undefined) Object.assign(pieces, load(homeOf(name)));
  const module = { exports: {} };
  loaded.set(name, module);
  pieces[name](module.exports, requirePiece, module);
  return module.exports;
}

/** The script that a piece is in. */
function homeOf(name) {
  return pieces.homes === undefined ? "command-line.cjs" : (pieces.homes[name] ?? "late.cjs");
}
