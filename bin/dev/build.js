// Bundles the command and the library into dist/, with types, schemas and the licences of what is
// bundled. Code that only some commands need stays in chunks of its own, loaded when they run.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });

// JSON.parse of a text is several times faster than the same data as an object literal.
const jsonAsText = {
  name: "json-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /src\/.*\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, "utf8")));
      return { contents: `export default JSON.parse(${JSON.stringify(text)})`, loader: "js" };
    });
  },
};

// Command and library are built apart: chunks that both share would cost the command a file more.
const inputs = [];
for (const [name, entry] of [["cli", "src/cli/main.ts"], ["index", "src/index.ts"]]) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { [name]: entry },
    outdir: dist,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    minifySyntax: true,
    minifyWhitespace: true,
    chunkNames: `${name}/[name]-[hash]`,
    metafile: true,
    logLevel: "warning",
    plugins: [jsonAsText],
    banner: {
      // Bundled CommonJS packages ask for Node's own modules with require.
      js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);',
    },
  });
  inputs.push(...Object.keys(metafile.inputs));
}

if (existsSync(join(root, "src/report/schema"))) {
  cpSync(join(root, "src/report/schema"), join(dist, "schema"), { recursive: true });
}
writeFileSync(join(dist, "THIRD-PARTY-LICENSES"), licences(inputs));

const types = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/typescript/bin/tsc"),
    ...["--project", "tsconfig.json", "--noEmit", "false", "--declaration"],
    ...["--emitDeclarationOnly", "--rewriteRelativeImportExtensions"],
    ...["--rootDir", "src", "--outDir", "dist/types"],
  ],
  { cwd: root, stdio: ["ignore", 2, 2] },
);
if (types.status !== 0) process.exit(types.status ?? 1);

function licences(inputs) {
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
