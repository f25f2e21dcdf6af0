// Stands for ../built-files.js in the one-file executable: scripts and packages are its assets.
import { Script } from "node:vm";

// Only by its full name is it a module of Node's.
const { getRawAsset } = process.getBuiltinModule("node:sea");
const packages = new Map();

/** Requires modules of Node's, and `./packages/NAME.cjs`. */
export function requirePackage(name) {
  if (!name.startsWith("./")) return process.getBuiltinModule(name);
  const known = packages.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  packages.set(name, module);
  const text = bytes(name.slice(2)).utf8Slice();
  // On one line, so that lines of traces are those of the file.
  const whole = `(function(exports,require,module){${text}\n})`;
  new Script(whole, { filename: name }).runInThisContext()(module.exports, requirePackage, module);
  return module.exports;
}

/** A script's text, and what V8 made of it at the build, if that is there. */
export function script(name) {
  // ASCII, so that half a megabyte need not be decoded.
  return { text: bytes(name).latin1Slice(), cache: cached(name) };
}

function cached(name) {
  try {
    return bytes(`${name}.cache`);
  } catch {
    // Built on a machine of another kind, it has none.
    return undefined;
  }
}

/** They lie in the mapped file itself: to be read only. */
function bytes(name) {
  return Buffer.from(getRawAsset(name));
}
