// `npm run release [-- --dry-run]`: everything that a release consists of, into release/. It uploads
// nothing; docs/releasing.md says how that is done.
//
// With --dry-run what stands in the way is told instead of ending it, and no tests are run.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { steady } from "./cache-name.js";
import { suppliedParts } from "./exe/parts.js";
import { krewArchive } from "./krew.js";
import { nodeProgram, nodeVersions } from "./nodes.js";
import { bundledComponents, component, sbom } from "./sbom.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const out = join(root, "release");
const { values: options } = parseArgs({ options: { "dry-run": { type: "boolean" } } });
const dry = options["dry-run"] === true;
const { version, scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

for (const fault of standing()) {
  console.error(`release: ${fault}`);
  if (!dry) process.exit(1);
}
if (!dry) run("npm", ["test"]);

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const tarball = `cryoscope-${version}.tgz`;
const made = [tarball];
twice(tarball, () => {
  run(process.execPath, ["bin/dev/build.js"]);
  // A start is quick on every Node that we support, not on the one that builds alone.
  for (const other of nodeVersions) {
    if (`v${other}` === process.version) continue;
    run(nodeProgram(other), [...steady, "bin/dev/warm-up.js", "dist", "--start"]);
  }
  run("npm", ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", out]);
});
if (scripts["build:exe"] !== undefined) {
  const executable = `cryoscope-linux-${process.arch}`;
  const make = () => {
    run("npm", ["run", "--silent", "build:exe"]);
    copyFileSync(join(root, "out", executable), join(out, executable));
  };
  // On a busy machine V8 of Node 24 keeps a few bytes more or less of functions that ran.
  twice(executable, make, 4);
  copyFileSync(join(root, "out", `${executable}.LICENSES`), join(out, `${executable}.LICENSES`));
  // Krew installs archives only.
  krewArchive(out, process.arch, commitSeconds());
  made.push(executable);
}
run(process.execPath, ["test/e2e/package/package.js", join(out, tarball)]);
for (const file of made) writeBill(file);
const sums = readdirSync(out).sort();
writeFileSync(
  join(out, "SHA256SUMS"),
  sums.map((name) => `${digest(name, "sha256")}  ${name}\n`).join(""),
);
// They are for everybody; nothing of an archive is in them.
for (const name of readdirSync(out)) {
  chmodSync(join(out, name), /linux-\w+$/.test(name) ? 0o755 : 0o644);
  console.log(`release/${name}: ${statSync(join(out, name)).size} bytes`);
}

/** What stands in the way of releasing what is here. */
function standing() {
  const faults = [];
  const git = (...words) => execFileSync("git", words, { cwd: root, encoding: "utf8" }).trim();
  if (git("status", "--porcelain") !== "") faults.push("the tree is not clean: git status");
  const constant = /version = "(.+)"/.exec(text("src/base/version.ts"))?.[1];
  if (constant !== version) faults.push(`src/base/version.ts says ${constant}, not ${version}`);
  const heading = [...text("CHANGELOG.md").matchAll(/^## (?!Unreleased)\[?([^\s\]]+)/gm)][0]?.[1];
  if (heading !== version) faults.push(`CHANGELOG.md has no section ${version} on top`);
  if (!git("tag", "--points-at", "HEAD").split("\n").includes(`v${version}`)) {
    faults.push(`this commit has no tag v${version}`);
  }
  return faults;
}

/** Makes a file until it has come out the same two times: at once, or after what chance allows. */
function twice(name, make, tries = 2) {
  const seen = new Set();
  while (seen.size < tries) {
    make();
    const found = digest(name, "sha256");
    if (seen.has(found)) {
      console.log(`${name}: the same twice, sha256 ${found}`);
      return;
    }
    seen.add(found);
  }
  console.error(`release: ${name} comes out differently each time: ${[...seen].join(", ")}`);
  process.exit(1);
}

function writeBill(file) {
  const lock = JSON.parse(text("package-lock.json"));
  const bundled = bundledComponents(text("dist/THIRD-PARTY-LICENSES"), lock);
  const supplied = file === tarball ? [] : suppliedParts(process.arch).map(component);
  const subject = { file, version, sha256: digest(file, "sha256"), seconds: commitSeconds() };
  const document = sbom(subject, [...bundled, ...supplied]);
  writeFileSync(join(out, `${file}.cdx.json`), `${JSON.stringify(document, null, 2)}\n`);
}

/** When this was committed, or what SOURCE_DATE_EPOCH says (reproducible-builds.org). */
function commitSeconds() {
  const told = process.env.SOURCE_DATE_EPOCH;
  return Number(told || execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root }));
}

function digest(name, algorithm) {
  const path = join(out, name);
  if (!existsSync(path)) throw new Error(`${path} was not made`);
  return createHash(algorithm).update(readFileSync(path)).digest("hex");
}

function text(path) {
  return readFileSync(join(root, path), "utf8");
}

function run(program, words) {
  // What they print goes to stderr: stdout has the results.
  execFileSync(program, words, { cwd: root, stdio: ["ignore", 2, 2] });
}
