import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The built `effects/worker.ts`: a file beside this one, or its text. The one-file executable has
 * texts alone; there, bin/dev/exe/built-worker.js stands for this.
 * @returns undefined where nothing is built: run from the sources.
 */
export function builtWorker(): URL | string | undefined {
  const file = new URL("tui-worker.js", import.meta.url);
  return existsSync(fileURLToPath(file)) ? file : undefined;
}
