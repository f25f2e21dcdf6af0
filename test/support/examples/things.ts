import { chmodSync, copyFileSync, cpSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { containerd, criuTools, kubeadm, machine, nodeTree } from "../node-tree.ts";
import { run } from "../run.ts";
import { containerdCounter, crioCounter, privateCopy, rich, samplePath } from "../samples.ts";

/** Lays one thing down at a path. */
type Maker = (path: string) => void | Promise<void>;

/** When the samples were made; two hours later examples run. */
const made = new Date("2026-11-21T21:20:14Z");

const sample =
  (from: string): Maker =>
  (path) => {
    copyFileSync(from, path);
    chmodSync(path, 0o600);
    utimesSync(path, made, made);
  };

const text =
  (content: string): Maker =>
  (path) =>
    writeFileSync(path, content, { mode: 0o600 });

/** A folder of the kubelet's, under its own names. */
const checkpoints: Maker = (path) => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const mounts = samplePath(
    "crio/checkpoint-mounts-lab-node_default-mounts-2026-11-21T21:20:15Z.tar",
  );
  for (const from of [crioCounter, mounts]) void sample(from)(join(path, basename(from)));
  // Somebody was careless with one of them.
  chmodSync(join(path, basename(mounts)), 0o644);
};

const recordings = fileURLToPath(new URL("../../node/recordings/", import.meta.url));

/**
 * What lies where examples run, by the names that they use. A name that is not here has to be made by
 * the example itself.
 */
const things: Readonly<Record<string, Maker>> = {
  FILE: sample(crioCounter),
  ARCHIVE: sample(crioCounter),
  "cart.tar": sample(crioCounter),
  "copy.tar": sample(crioCounter),
  "open.tar": (path) => {
    copyFileSync(crioCounter, path);
    chmodSync(path, 0o644);
  },
  "before.tar": sample(crioCounter),
  "after.tar": sample(samplePath("crio/counter-runc.tar")),
  "rich.tar": sample(rich),
  "rootfs.tar": sample(
    samplePath("crio/checkpoint-rootfs-lab-node_default-rootfs-2026-11-21T21:20:15Z.tar"),
  ),
  "containerd.tar": sample(containerdCounter),
  "podman.tar.gz": sample(samplePath("podman/busybox-env-secrets.tar.gz")),
  DIR: checkpoints,
  "/var/lib/kubelet/checkpoints": checkpoints,
  "/var/lib/kubelet/checkpoints/NAME.tar": sample(crioCounter),
  "/mnt/evidence": checkpoints,
  "/mnt/reports": async (path) => {
    mkdirSync(path);
    const argv = ["audit", "--permissions", "owner", "--no-memory", "-o", "json"];
    for (const node of ["worker-1", "worker-2"]) {
      const { out } = await run([...argv, "--node", node, privateCopy(crioCounter)]);
      writeFileSync(join(path, `${node}.json`), out);
    }
  },
  "/var/lib/node_exporter": (path) => void mkdirSync(path, { recursive: true }),
  "/var/log/dump.log": async (path) => {
    const argv = ["extract", "--permissions", "owner", "--stdout"];
    const { out } = await run([...argv, privateCopy(crioCounter), "dump.log"]);
    writeFileSync(path, out);
  },
  "/mnt/node": (path) =>
    cpSync(nodeTree(machine, criuTools, kubeadm, containerd), path, { recursive: true }),
  "worker-7.json": (path) => copyFileSync(join(recordings, "node.json"), path),
  "cart-base.tar": async (path) => {
    const argv = ["restore", "image", "--permissions", "owner", "--output-file"];
    await run([...argv, `oci-archive:${path}`, privateCopy(crioCounter)]);
  },
  "policy.yaml": text("apiVersion: cryoscope/v1\nkind: AuditPolicy\nfailOn: high\n"),
  token: text("invented\n"),
};

/** Lays down what commands name, below a folder; what they make themselves is theirs. */
export async function layOut(folder: string, commands: string): Promise<void> {
  const lists = /cryoscope (list|ls|audit)\b/.test(commands) ? "/var/lib/kubelet/checkpoints" : "";
  for (const [name, make] of Object.entries(things)) {
    const word = name.replace(/[.]/g, "\\.");
    if (!new RegExp(`(?<![\\w./-])${word}(?![\\w-])`).test(`${commands}\n${lists}`)) continue;
    // A name behind > is about to be made.
    if (new RegExp(`(>|--output-file)\\s*${word}(?![\\w-])`).test(commands)) continue;
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    await make(path);
  }
}
