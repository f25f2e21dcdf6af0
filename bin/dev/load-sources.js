// Sources are TypeScript, which Node 20 does not read: they are bundled for a moment, beside the
// packages that they import.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { workerText } from "./worker-text.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let count = 0;

/**
 * Loads what a module exports.
 * @param contents TypeScript whose paths are those of the root folder.
 */
export async function loadSources(contents) {
  // Node keeps modules by their paths.
  const outfile = join(root, "node_modules", `.sources-${process.pid}-${++count}.mjs`);
  await build({
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    outfile,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "warning",
    plugins: [workerText],
  });
  try {
    return await import(outfile);
  } finally {
    rmSync(outfile);
  }
}
