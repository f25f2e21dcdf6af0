// `npm run fuzz`: builds the fuzzer with the code under test, and starts it.
//
//   npm run fuzz -- [--cases N] [--seconds S] [--jobs J] [--seed X] [--target NAME] [--keep DIR]
//   npm run fuzz -- --replay FILE…
//
// docs/fuzzing.md says what it does.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { workerText } from "../../bin/dev/worker-text.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cryoscope-fuzz-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

await build({
  absWorkingDir: root,
  entryPoints: { fuzz: "test/fuzz/fuzz.ts", worker: "test/fuzz/worker.ts" },
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  sourcemap: true,
  logLevel: "warning",
  external: ["esbuild", "*/tui/open-tui.ts"],
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  plugins: [workerText],
});
const child = spawn(process.execPath, [join(folder, "fuzz.mjs"), root, ...process.argv.slice(2)], {
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
