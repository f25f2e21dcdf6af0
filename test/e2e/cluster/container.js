// The audit's container as the DaemonSet of deploy/ has it, run by crun or runc on a prepared root: the
// manifest's arguments, its rights (root without capabilities, no new privileges, root file system
// read-only), its limit of memory, the folder of checkpoints read-only. As root, where a runtime is:
//
//   node test/e2e/cluster/container.js ROOTFS COMMAND…
//
// ROOTFS is a folder with the program in it, COMMAND the words that call it there, such as /cryoscope.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import yaml from "yaml";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const [rootfs, ...command] = process.argv.slice(2);
const runtime = ["crun", "runc"].find((name) => spawnSync(name, ["--version"]).status === 0);
if (runtime === undefined || process.getuid() !== 0 || command.length === 0) {
  console.log("needs root, crun or runc, a root file system and a command: skipped");
  process.exit(0);
}

const manifest = yaml.parse(readFileSync(join(root, "deploy/audit/base/daemon-set.yaml"), "utf8"));
const { containers, securityContext } = manifest.spec.template.spec;
const [{ args, resources, volumeMounts, securityContext: rights }] = containers;
const bundle = mkdtempSync(join(tmpdir(), "cryoscope-container-"));
process.on("exit", () => rmSync(bundle, { recursive: true, force: true }));
const checkpoints = join(bundle, "checkpoints");
const reports = join(bundle, "reports");
for (const folder of [checkpoints, reports]) mkdirSync(folder, { mode: 0o700 });
const samples = join(root, "samples/crio");
for (const name of readdirSync(samples).filter((each) => each.endsWith(".tar"))) {
  cpSync(join(samples, name), join(checkpoints, name));
  spawnSync("chmod", ["0600", join(checkpoints, name)]);
}
const folders = { checkpoints, tmp: reports };

/** A limit of the manifest in bytes. */
function bytes(quantity) {
  return Number.parseInt(quantity, 10) * { Mi: 2 ** 20, Gi: 2 ** 30 }[quantity.slice(-2)];
}

function config(words) {
  const mounts = volumeMounts.map(({ name, mountPath, readOnly }) => ({
    destination: mountPath,
    type: "bind",
    source: folders[name],
    options: ["bind", "nosuid", "nodev", "noexec", readOnly === true ? "ro" : "rw"],
  }));
  return {
    ociVersion: "1.0.2",
    process: {
      terminal: false,
      user: { uid: securityContext.runAsUser, gid: securityContext.runAsGroup },
      args: words,
      env: ["PATH=/usr/bin:/bin", "NODE_NAME=worker-7"],
      cwd: "/",
      capabilities: { bounding: [], effective: [], permitted: [], inheritable: [], ambient: [] },
      noNewPrivileges: !rights.allowPrivilegeEscalation,
    },
    root: { path: resolve(rootfs), readonly: rights.readOnlyRootFilesystem },
    mounts: [{ destination: "/proc", type: "proc", source: "proc" }, ...mounts],
    linux: {
      namespaces: ["pid", "mount", "ipc", "network", "uts"].map((type) => ({ type })),
      resources: { memory: { limit: bytes(resources.limits.memory) } },
      maskedPaths: ["/proc/kcore", "/proc/keys", "/proc/timer_list"],
      readonlyPaths: ["/proc/sys", "/proc/sysrq-trigger"],
    },
  };
}

/** Runs the container; `told` is shown each piece of stderr, and may end it by a signal. */
async function run(name, words, told = () => {}) {
  writeFileSync(join(bundle, "config.json"), JSON.stringify(config([...command, ...words])));
  const id = `cryoscope-${name}-${process.pid}`;
  const child = spawn(runtime, ["run", "--bundle", bundle, id]);
  let out = "";
  let err = "";
  child.stdout.on("data", (part) => (out += part));
  child.stderr.on("data", (part) => {
    err += part;
    told(err, () => spawnSync(runtime, ["kill", id, "TERM"]));
  });
  const [code] = await once(child, "close");
  return { code, out, err };
}

const checks = [];
const check = (what, holds, about = "") => checks.push({ what, holds, about });

const once_ = args.filter((word) => !word.startsWith("--every"));
const audit = await run("audit", once_);
let report = { archives: [] };
try {
  report = JSON.parse(audit.out);
} catch {
  // The check below says it.
}
const whole = report.archives.filter(({ fault }) => fault === null).length;
check(
  "audits every archive",
  whole === readdirSync(checkpoints).length && whole > 0,
  audit.err + audit.out.slice(0, 300),
);
check("names its node", report.node === "worker-7");
check(
  "searches memory",
  whole > 0 && report.archives.every(({ memorySearched }) => memorySearched),
);

const folder = volumeMounts.find(({ name }) => name === "checkpoints").mountPath;
const refused = await run("write", ["audit", "-q", `--report=json=${folder}/x.json`, folder]);
check(
  "cannot write beside the archives",
  refused.code === 4 && /EROFS/.test(refused.err),
  refused.err,
);
const kept = await run("tmp", [
  "audit",
  "-q",
  "--fail-on=none",
  "--report=json=/tmp/{node}.json",
  folder,
]);
check(
  "writes where it may",
  kept.code === 0 && readdirSync(reports).includes("worker-7.json"),
  kept.err,
);

let ended = 0;
const loop = await run("loop", args, (err, end) => {
  if (!/next audit at/.test(err) || ended > 0) return;
  ended = Date.now();
  end();
});
check(
  "ends at SIGTERM, although it is process 1",
  Date.now() - ended < 5000 && ended > 0,
  loop.err,
);

for (const { what, holds, about } of checks) {
  console.log(`${holds ? "ok" : "FAILED"}  ${what}${holds ? "" : `\n${about}`}`);
}
process.exit(checks.every(({ holds }) => holds) ? 0 : 1);
