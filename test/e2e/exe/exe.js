// The one-file executable in roots without Node.js: one with nothing but glibc, and a minimal Debian.
// What it prints is compared with what the built command prints here. Needs Linux and root (chroot,
// mount namespaces); debootstrap for the second root, strace and tmux for what they show.
// Ends with "N passed, N failed".
//
//   node test/e2e/exe/exe.js
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bareRoot, debianRoot, furnish, inRoot } from "./roots.js";
import { tryTerminal } from "./terminal.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const script = fileURLToPath(import.meta.url);
const executable = join(root, "out", `cryoscope-linux-${process.arch}`);
let passed = 0;
let failed = 0;

export function check(what, good, found) {
  if (good) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED ${what}: ${found}`);
  }
}

function run([command, ...args], options = {}) {
  const env = { PATH: process.env.PATH, TERM: "xterm", LANG: "C.UTF-8" };
  const ran = spawnSync(command, args, { cwd: root, env, maxBuffer: 1 << 28, ...options });
  return { code: ran.status, out: ran.stdout, err: `${ran.stderr}` };
}

/** Nothing can be tried, and that is no failure of the executable. */
function leave(why) {
  console.log(`the executable was not tried: ${why}\n0 passed, 0 failed`);
  process.exit(0);
}

const any = ["--permissions", "any"];
const rich = "samples/podman/rich-crun.tar";
const counter = "samples/crio/counter-runc.tar";

function archives() {
  return ["crio", "containerd", "podman", "criu"].flatMap((folder) =>
    readdirSync(join(root, "samples", folder))
      .filter((name) => /\.tar(\.|$)/.test(name))
      .map((name) => `samples/${folder}/${name}`),
  );
}

/** What both are asked; each prints the same, and ends with the same code. */
function questions() {
  const each = archives().map((path) => ["inspect", "-o", "json", ...any, path]);
  const forms = ["table", "wide", "yaml", "sarif", "junit", "html", "prometheus"];
  return [
    ["--version"],
    ["--help"],
    ["no-such-command"],
    ["--v8-options"],
    ...each,
    ["audit", "-o", "json", ...any, "samples/crio", "samples/containerd", "samples/criu"],
    ...forms.map((form) => ["audit", "-o", form, ...any, "samples/podman"]),
    ["list", "-o", "json", ...any, "samples/crio", "samples/containerd", "samples/podman"],
    ["images", ...any, counter],
    ["inspect", "-o", "yaml", ...any, rich],
    ["ps", ...any, rich],
    ["files", ...any, rich],
    ["sockets", ...any, rich],
    ["mounts", ...any, rich],
    ["env", ...any, rich],
    ["memory", "search", "--text", "POSTGRES", ...any, rich],
    ["memory", "search", "--regex", "[Pp]ass[a-z]+", ...any, rich],
    ["memory", "strings", ...any, rich],
    ["memory", "secrets", ...any, rich],
    ["decode", ...any, rich, "pstree.img"],
    ["diff", ...any, counter, rich],
    ["restore", "plan", ...any, rich],
    ["explain", ...any, counter],
    ["audit", "--print-policy"],
    ["completion", "bash"],
    ["completion", "zsh"],
    ["inspect", "/nowhere"],
  ];
}

/** Times of this run differ, and where the samples lie. */
function steady(bytes) {
  const today = new Date().toISOString().slice(0, 10);
  return bytes
    .toString("latin1")
    .replaceAll(new RegExp(`${today}[T ][0-9:.]+( UTC|Z)?`, "g"), "NOW")
    .replaceAll(/time="[0-9.]+"/g, "TIME")
    .replaceAll(/^(cryoscope_\w*(seconds|bytes|free)\w*(\{.*\})?) [0-9.e+]+$/gm, "$1 MEASURED")
    .replaceAll(join(root, "samples"), "/samples");
}

function compare(name, place, uid, expected) {
  for (const [line, { words, wanted }] of expected) {
    const { code, out, err } = run(inRoot(place, uid, words));
    const same = code === wanted.code && steady(out) === steady(wanted.out);
    check(
      `${name}: ${line}`,
      same,
      `exit ${code}, not ${wanted.code}; ${err || firstDifference(out, wanted.out)}`,
    );
  }
}

function firstDifference(out, wanted) {
  const [ours, theirs] = [out, wanted].map((bytes) => steady(bytes).split("\n"));
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  return `line ${at + 1}: ${ours[at]} instead of ${theirs[at]}`;
}

/** An image to restore from is the same to the byte. */
function writes(name, place, uid) {
  const words = (to) => [
    "restore",
    "image",
    ...any,
    "-q",
    rich,
    "--output-file",
    `oci-archive:${to}`,
  ];
  const here = join(scratch, `${name}.tar`);
  run([process.execPath, join(root, "bin/cryoscope.cjs"), ...words(here)]);
  const { code, err } = run(inRoot(place, uid, words("/tmp/out/image.tar")));
  const digest = (path) =>
    existsSync(path) && createHash("sha256").update(readFileSync(path)).digest("hex");
  const there = digest(join(place, "tmp/out/image.tar"));
  check(`${name}: restore image`, code === 0 && there === digest(here), err);
}

/** What only somebody with a strange process asks for. */
function strangers(name, place) {
  const version = (options) => run(inRoot(place, 1000, ["--version"]), options);
  const print = /^cryoscope \d/;
  for (const [number, what] of ["stdin", "stdout", "stderr"].entries()) {
    const words = inRoot(place, 1000, ["inspect", ...any, rich]);
    const closed = run(["sh", "-c", `exec "$@" ${number}>&-`, "sh", ...words]);
    const wrote = number === 1 || closed.out.includes("Container");
    check(`${name}: ${what} is closed`, wrote && [0, 70].includes(closed.code), closed.code);
  }
  const env = { PATH: process.env.PATH, NODE_OPTIONS: "--no-such-option --require /nowhere" };
  const { code, out } = version({ env });
  check(`${name}: NODE_OPTIONS is not ours`, code === 0 && print.test(out), out);
  const preload = version({ env: { PATH: process.env.PATH, LD_PRELOAD: "/no/such.so" } });
  const kept = preload.code === 0 && preload.err.includes("/no/such.so");
  check(`${name}: a caller's LD_PRELOAD is kept`, kept, preload.err);
}

/** What cannot be had is said in one line. */
function refusals(place) {
  const proc = join(place, "proc");
  spawnSync("umount", [proc]);
  const without = run(inRoot(place, 1000, ["--version"]));
  const said = /^cryoscope: needs \/proc.*\n$/.test(without.err);
  check("without /proc", without.code === 127 && said, `${without.code} ${without.err}`);
  const empty = join(scratch, "empty");
  mkdirSync(empty);
  copyFileSync(executable, join(empty, "cryoscope"));
  const alone = run(inRoot(empty, 1000, ["--version"]));
  const tells = /^cryoscope: needs the GNU C library.*\n$/.test(alone.err);
  check("without a C library", alone.code === 127 && tells, `${alone.code} ${alone.err}`);
  chmodSync(join(empty, "cryoscope"), 0o4755);
  const setuid = run(inRoot(empty, 1000, ["--version"]));
  const refused = /^cryoscope: does not run with more rights/.test(setuid.err);
  check("setuid", setuid.code === 127 && refused, `${setuid.code} ${setuid.err}`);
}

/** Every file that is opened, in all threads, is opened for reading, or is no file. */
function traced(name, place) {
  const log = join(scratch, "trace");
  for (const words of [
    ["audit", ...any, "samples/podman"],
    ["memory", "secrets", ...any, rich],
  ]) {
    const calls =
      "trace=open,openat,creat,mkdir,mkdirat,rename,renameat2,unlink,unlinkat,symlinkat,linkat";
    run(["strace", "-f", "-qq", "-e", calls, "-o", log, ...inRoot(place, 0, words)]);
    const lines = readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => !/ = -1 |\/dev\/null|\/proc\/self\/task\//.test(line));
    const changing = lines.filter((line) =>
      /O_WRONLY|O_RDWR|O_CREAT|creat\(|mkdir|rename|unlink|link/.test(line),
    );
    check(
      `${name}: ${words[0]} was traced`,
      lines.some((line) => line.includes("samples")),
      lines.length,
    );
    check(`${name}: ${words[0]} writes no file`, changing.length === 0, changing.join("\n"));
    const threads = new Set(lines.map((line) => line.split(" ")[0])).size;
    check(`${name}: ${words[0]} has threads that open files`, threads > 1, threads);
  }
}

if (process.platform !== "linux" || process.getuid() !== 0)
  leave("it takes Linux, and root for chroot");
if (process.argv[2] !== "inside") {
  const build = spawnSync(process.execPath, [join(root, "bin/dev/exe/build.js")], {
    encoding: "utf8",
  });
  if (build.status !== 0)
    leave(`it could not be built here: ${build.stderr.trim().split("\n").at(-1)}`);
  const words = ["--mount", "--propagation", "private", process.execPath, script, "inside"];
  const { status } = spawnSync("unshare", words, { stdio: "inherit" });
  process.exit(status ?? 1);
}

const scratch = mkdtempSync(join(tmpdir(), "exe-"));
process.on("exit", () => {
  spawnSync("sh", [
    "-c",
    `umount -R ${scratch}/*/proc ${scratch}/*/tmp/out ${scratch}/*/cryoscope ${scratch}/* 2>/dev/null`,
  ]);
  rmSync(scratch, { recursive: true, force: true });
});
chmodSync(scratch, 0o755);
const has = (tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;
const expected = new Map(
  questions().map((words) => {
    const wanted = run([process.execPath, join(root, "bin/cryoscope.cjs"), ...words]);
    return [words.join(" "), { words, wanted }];
  }),
);

const bare = bareRoot(join(scratch, "bare"));
const debian = has("debootstrap")
  ? debianRoot(join(scratch, "debian"), join(root, "out/parts"))
  : undefined;
if (debian === undefined)
  console.log("no Debian root: debootstrap is not here, or reaches no mirror");
for (const [name, place, uid] of [
  ["nothing but glibc", bare, 1000],
  ["Debian", debian, 0],
]) {
  if (place === undefined) continue;
  furnish(place, executable, join(root, "samples"));
  compare(name, place, uid, expected);
  writes(name, place, uid);
  strangers(name, place);
  if (has("strace")) traced(name, place);
  else
    console.log("strace is not here: that nothing is written was seen by the read-only root alone");
  if (has("tmux"))
    await tryTerminal(inRoot(place, uid, ["open", ...any, `/${rich}`]), (...said) =>
      check(`${name}: ${said[0]}`, ...said.slice(1)),
    );
  else console.log("tmux is not here: the UI was not tried");
}
refusals(bare);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
