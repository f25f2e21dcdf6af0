import { requirePackage } from "../built-files.js";
import { load } from "../scripts.js";

/** What a script exports that is one bundle, not pieces. */
export function wholeScript(name) {
  const module = { exports: {} };
  load(name)(module.exports, requirePackage, module);
  return module.exports;
}
