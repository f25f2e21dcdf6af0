// The tarball as people get it: installed for the whole machine and as a library, in fresh folders
// and offline. Prints a line for each claim, and ends with "N passed, N failed".
//
//   node test/e2e/package/package.js [TARBALL]      packs one where none is named; needs a built dist
//
// The Node that runs this is the Node that runs the command. npm is taken from the PATH.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { typeScript } from "./consumers.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const samples = join(root, "samples");
const scratch = realpathSync(mkdtempSync(join(tmpdir(), "cryoscope-package-")));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

// npm and the command find the Node that runs this before any other.
const env = {
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  HOME: scratch,
  LANG: "C.UTF-8",
  NO_COLOR: "1",
};
const quiet = ["--offline", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];

let passed = 0;
let failed = 0;
function claim(name, check) {
  try {
    check();
    passed += 1;
    console.log(`  ok  ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`  FAILED  ${name}\n${String(error.stderr ?? error.message).trim()}`);
  }
}

const npm = (args, cwd) => execFileSync("npm", [...args, ...quiet], { cwd, env, stdio: "pipe" });
const must = (holds, what) => {
  if (!holds) throw new Error(what);
};

console.log(`Node ${process.version}, npm ${npm(["--version"], scratch).toString().trim()}`);
const tarball = process.argv[2] === undefined ? pack() : resolve(process.argv[2]);
console.log(`${tarball}: ${statSync(tarball).size} bytes`);

function pack() {
  npm(["pack", "--ignore-scripts", "--pack-destination", scratch], root);
  return join(
    scratch,
    readdirSync(scratch).find((name) => name.endsWith(".tgz")),
  );
}

const prefix = join(scratch, "prefix");
mkdirSync(prefix);
npm(["install", "--global", "--prefix", prefix, tarball], scratch);
const installed = join(prefix, "lib/node_modules/cryoscope");
const command = join(prefix, "bin/cryoscope");

/** Runs the installed command by its name, as a shell would. */
function cryoscope(...words) {
  const { status, stdout, stderr, error } = spawnSync(command, words, { env, encoding: "utf8" });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

function sample(path) {
  const copy = join(scratch, path.replaceAll("/", "-"));
  copyFileSync(join(samples, path), copy);
  chmodSync(copy, 0o600);
  return copy;
}

const first = (folder) => readdirSync(join(samples, folder)).find((name) => name.endsWith(".tar"));
const archives = ["crio", "containerd", "podman"].map((folder) =>
  sample(`${folder}/${first(folder)}`),
);
const owner = ["--permissions", "owner"];

claim("brings no other package, no install script and nothing of development", () => {
  must(readdirSync(join(prefix, "lib/node_modules")).join() === "cryoscope", "other packages");
  const { dependencies = {}, scripts } = manifest();
  must(Object.keys(dependencies).length === 0, "dependencies");
  const hooks = ["preinstall", "install", "postinstall", "prepare"].filter((name) => scripts[name]);
  must(hooks.length === 0, `scripts that run on installing: ${hooks}`);
  const files = readdirSync(installed).sort().join(" ");
  must(files === "LICENSE README.md bin dist package.json", files);
  const programs = readdirSync(join(installed, "bin"));
  must(
    programs.every((name) => name.endsWith(".cjs")),
    `bin holds more: ${programs}`,
  );
});
claim("has manual pages where man looks for them", () => {
  const pages = readdirSync(join(prefix, "share/man/man1"));
  must(pages.includes("cryoscope.1") && pages.includes("cryoscope-inspect.1"), pages.join());
});
claim("says its version", () => {
  const { stdout } = cryoscope("--version");
  must(stdout === `cryoscope ${manifest().version}\n`, stdout);
});
for (const archive of archives) {
  claim(`inspect ${archive.slice(scratch.length + 1)}`, () => {
    const { status, stdout, stderr } = cryoscope("inspect", ...owner, "-o", "json", archive);
    must(status === 0, stderr);
    must(JSON.parse(stdout).kind === "Inspection", stdout.slice(0, 200));
  });
}
claim("list of a folder", () => {
  const { status, stdout } = cryoscope("list", ...owner, ...archives, "-o", "json");
  must(status === 0 && JSON.parse(stdout).items.length === archives.length, stdout);
});
claim("inspect of gzip and zstd", () => {
  for (const path of ["podman/busybox-volume.tar.gz", "podman/busybox-crun-zstd.tar.zst"]) {
    const { status, stderr } = cryoscope("inspect", ...owner, sample(path));
    must(status === 0, `${path}: ${stderr}`);
  }
});
claim("audit finds what is to be found, in several archives by threads", () => {
  const secrets = sample("podman/busybox-env-secrets.tar.gz");
  const { status, stdout, stderr } = cryoscope("audit", ...owner, ...archives, secrets);
  must(status === 1 && /secret/.test(stdout), `${status} ${stdout} ${stderr}`);
});
claim("open --help, and open without a terminal", () => {
  must(cryoscope("open", "--help").stdout.includes("Usage: cryoscope open"), "no help");
  const { status, stderr } = cryoscope("open", archives[0]);
  must(status === 2 && /terminal/.test(stderr), `${status} ${stderr}`);
});

const project = join(scratch, "project");
mkdirSync(project);
writeFileSync(join(project, "package.json"), '{ "name": "consumer", "private": true }\n');
npm(["install", tarball], project);
const question = `openCheckpoint(${JSON.stringify(archives[0])}, { permissions: "owner" })
  .then(async (checkpoint) => {
    console.log((await checkpoint.runtime()).engine);
    await checkpoint.close();
  });`;
const node = (file, text, ...options) => {
  writeFileSync(join(project, file), text);
  return execFileSync(process.execPath, [...options, file], {
    cwd: project,
    env,
    encoding: "utf8",
    stdio: "pipe",
  });
};

claim("is a library for import", () => {
  const text = node("a.mjs", `import { openCheckpoint } from "cryoscope"; ${question}`);
  must(text === "cri-o\n", text);
});
claim("is a library for require(), which Node takes of a module since 20.19", () => {
  const text = node("a.cjs", `const { openCheckpoint } = require("cryoscope"); ${question}`);
  must(text === "cri-o\n", text);
});
claim("exports its schemas and its package.json, and nothing else", () => {
  const text = node(
    "b.cjs",
    `const { $schema } = require("cryoscope/schema/inspection.json");
     const { version } = require("cryoscope/package.json");
     let inner; try { require("cryoscope/dist/index.js") } catch ({ code }) { inner = code }
     console.log(typeof $schema, version, inner);`,
  );
  must(text === `string ${manifest().version} ERR_PACKAGE_PATH_NOT_EXPORTED\n`, text);
});
for (const [name, check] of Object.entries(typeScript({ root, project, env, question }))) {
  claim(name, check);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function manifest() {
  return JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
}
