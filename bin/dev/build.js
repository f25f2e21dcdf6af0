// Builds dist/: the command, the library, types, schemas, the licences of what is bundled.
//
//   cli.cjs             the entry: answers --version itself, loads the rest
//   command-line.cjs    what inspect, list and images need, with its V8 code cache beside it
//   late*.cjs           what other commands need besides, with their caches (see scripts.js)
//   tui.js              the terminal UI, with Ink and all of ours that it needs
//   tui-worker.js       its thread that reads archives
//   packages/NAME.cjs   a package that only some calls need, loaded when they do
//   index.js, index/    the library
//   man/                a page for man(1) of each command
//
//   node bin/dev/build.js [--sizes]     also tells what command-line.cjs holds, the largest first
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import {
  apart,
  auditWorker,
  commonJs,
  inAscii,
  kubeconfigAlone,
  kubeconfigPackage,
  latePackages,
  noDevtools,
  root,
  settings,
  throughCache,
  tuiApart,
  withRequire,
  yogaWithoutFetch,
} from "./bundles.js";
import { steady } from "./cache-name.js";
import { commandScripts } from "./command-scripts.js";
import { keepReachable } from "./declarations.js";

const dist = join(root, "dist");
const inputs = [];
async function bundle(options) {
  const { metafile } = await build(settings(options));
  inputs.push(...Object.keys(metafile.inputs));
}

async function writeCommandScripts() {
  const made = await commandScripts(
    settings({ entryPoints: { "command-line": "src/cli/command-line.ts" }, plugins: [apart] }),
  );
  inputs.push(...made.inputs);
  for (const { name, text } of made.scripts) writeFileSync(join(dist, name), inAscii(text));
  if (process.argv.includes("--sizes")) {
    const largest = made.sizes.sort(([, one], [, other]) => other - one);
    for (const [path, bytes] of largest) console.log(`${String(bytes).padStart(7)}  ${path}`);
  }
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
await Promise.all([
  bundle({
    entryPoints: { cli: "src/cli/main.ts" },
    ...commonJs,
    define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    plugins: [throughCache, tuiApart],
  }),
  bundle({
    entryPoints: { tui: "src/tui/open-tui.ts", "tui-worker": "src/tui/effects/worker.ts" },
    splitting: true,
    chunkNames: "tui/[name]-[hash]",
    define: { "process.env.NODE_ENV": '"production"' },
    banner: withRequire,
    plugins: [noDevtools, yogaWithoutFetch, kubeconfigAlone],
    builtins: [],
  }),
  writeCommandScripts(),
  bundle({
    entryPoints: latePackages.map((name) => ({ in: name, out: `packages/${name}` })),
    ...commonJs,
  }),
  bundle({
    entryPoints: [{ in: "src/audit/run/worker-text.ts", out: `packages/${auditWorker}` }],
    ...commonJs,
  }),
  bundle({
    entryPoints: [{ in: kubeconfigPackage, out: `packages/${kubeconfigPackage}` }],
    ...commonJs,
    plugins: [kubeconfigAlone],
    // It takes Node's modules whole.
    builtins: [],
  }),
  bundle({
    entryPoints: { index: "src/index.ts" },
    splitting: true,
    chunkNames: "index/[name]-[hash]",
    banner: withRequire,
    plugins: [kubeconfigAlone],
    builtins: [],
  }),
]);
cpSync(join(root, "src/report/schema"), join(dist, "schema"), { recursive: true });
cpSync(join(root, "src/audit/policy/audit-policy.json"), join(dist, "schema/audit-policy.json"));
writeFileSync(join(dist, "THIRD-PARTY-LICENSES"), licences());
node(...steady, "bin/dev/warm-up.js", dist);
node("bin/dev/man.js");
node("node_modules/typescript/bin/tsc", "--project", "bin/dev/tsconfig.types.json");
keepReachable(join(dist, "types"), "index.d.ts");

function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

function licences() {
  const names = new Set();
  for (const input of inputs) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match !== null) names.add(match[1]);
  }
  return [...names]
    .sort()
    .map((name) => {
      const folder = join(root, "node_modules", name);
      const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8");
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}
