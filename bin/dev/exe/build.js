// `npm run build:exe [-- --arch arm64]`: the command as one file that needs no Node.js. See
// docs/executable.md.
//
//   node bin/dev/exe/build.js [--arch x64|arm64] [--mirror URL of a Debian mirror]
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../bundles.js";
import { nodeFolder, nodeProgram } from "../nodes.js";
import { bundles } from "./bundle.js";
import { writeCodeCaches } from "./code-caches.js";
import { launcherBytes } from "./launcher/launcher-bytes.js";
import { pack } from "./pack.js";
import { architectures, fetchLibraries, nodeVersion } from "./parts.js";

const { values: options } = parseArgs({
  options: { arch: { type: "string", default: process.arch }, mirror: { type: "string" } },
});
const { arch } = options;
if (!architectures.includes(arch)) throw new Error(`--arch is one of ${architectures.join(", ")}`);

const out = join(root, "out");
const parts = join(out, "parts");
const assets = join(out, `assets-${arch}`);
const executable = join(out, `cryoscope-linux-${arch}`);

const node = nodeFolder(nodeVersion, arch);
// Makes the blob and the code caches; it has to be of the same release.
const ours = nodeProgram(nodeVersion);
const { libraries, terms } = fetchLibraries(arch, parts, options.mirror);

rmSync(assets, { recursive: true, force: true });
mkdirSync(join(assets, "packages"), { recursive: true });
const dist = join(root, "dist");
for (const name of filesOf(dist)) {
  if (name.endsWith(".cjs") && name !== "cli.cjs") cpSync(join(dist, name), join(assets, name));
}
for (const [name, text] of Object.entries(await bundles())) writeFileSync(join(assets, name), text);
// The blob keeps this name, so it must not be a path of the machine that built it.
const main = "main.cjs";
renameSync(join(assets, "main.js"), join(out, main));
// V8 of another machine would take no cache of ours.
if (arch === process.arch) writeCodeCaches(ours, assets);

const blob = join(out, `blob-${arch}`);
writeFileSync(`${blob}.json`, JSON.stringify(blobSettings(blob)));
execFileSync(ours, ["--experimental-sea-config", `${blob}.json`], quiet());
const file = pack({
  node: readFileSync(join(node, "bin/node")),
  launcher: Buffer.from(launcherBytes[arch], "base64"),
  libraries: libraries.map((path) => readFileSync(path)),
  blob: readFileSync(blob),
});
// Under its name there is never half of one, and one that runs can be replaced.
writeFileSync(`${executable}.new`, file);
chmodSync(`${executable}.new`, 0o755);
renameSync(`${executable}.new`, executable);
writeFileSync(`${executable}.LICENSES`, licences());
for (const scratch of [assets, join(out, main), blob, `${blob}.json`])
  rmSync(scratch, { recursive: true });
console.error(`${executable}: ${(file.length / 2 ** 20).toFixed(1)} MiB, Node ${nodeVersion}`);

function filesOf(folder) {
  return readdirSync(folder, { recursive: true }).sort();
}

function quiet() {
  return {
    cwd: out,
    stdio: ["ignore", "ignore", 2],
    env: { PATH: process.env.PATH, LANG: "C.UTF-8" },
  };
}

function blobSettings(output) {
  return {
    main,
    output,
    disableExperimentalSEAWarning: true,
    // The command has options of its own, and Node's are no business of whoever sets them for Node.
    execArgvExtension: "none",
    assets: Object.fromEntries(
      filesOf(assets)
        .filter((name) => name.includes("."))
        .map((name) => [name, join(assets, name)]),
    ),
  };
}

function licences() {
  const texts = {
    "cryoscope (Apache-2.0)": join(root, "LICENSE"),
    "What is bundled with it": join(dist, "THIRD-PARTY-LICENSES"),
    [`Node.js ${nodeVersion}, and what it is made of`]: join(node, "LICENSE"),
    "libstdc++ and libgcc_s, unchanged from Debian's gcc-10 10.2.1-6": terms,
  };
  const rule = "=".repeat(72);
  return Object.entries(texts)
    .map(([title, path]) => `${rule}\n${title}\n${rule}\n\n${readFileSync(path, "utf8").trim()}\n`)
    .join("\n");
}
