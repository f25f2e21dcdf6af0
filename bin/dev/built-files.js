// Where built scripts and packages come from: files beside the entry. In the one-file executable
// exe/built-files.js stands for this.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cacheName } from "./cache-name.js";

/** Requires modules of Node's, and `./packages/NAME.cjs`. */
export const requirePackage = (name) => createRequire(import.meta.filename)(name);

/** A script's text, and what V8 made of it at the build, if that is there. */
export function script(name) {
  const file = join(import.meta.dirname, name);
  // ASCII, so that half a megabyte need not be decoded.
  return { text: readFileSync(file, "latin1"), cache: cached(file) };
}

function cached(file) {
  try {
    return readFileSync(cacheName(file));
  } catch {
    return undefined;
  }
}
