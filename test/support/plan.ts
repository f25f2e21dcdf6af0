import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import { apiNodeFacts } from "../../src/node/api.ts";
import type { NodeFacts } from "../../src/node/facts.ts";
import { folderHost } from "../../src/node/folder-host.ts";
import { gatherHost } from "../../src/node/gather.ts";
import { type RestoreNeeds, restoreNeeds } from "../../src/restore/needs.ts";
import {
  cmdline,
  containerd,
  criuTools,
  kubeadm,
  machine,
  nodeTree,
  type Tree,
} from "./node-tree.ts";
import { privateCopy } from "./samples.ts";

/** Six seconds after the lease of the recordings was renewed. */
export const soon = Date.parse("2026-11-21T22:23:44Z");

const known = new Map<string, RestoreNeeds>();

/** What a sample asks of a place, as one that a test may change. */
export async function needsOf(path: string): Promise<RestoreNeeds> {
  const needs = known.get(path) ?? (await readNeeds(path));
  known.set(path, needs);
  return structuredClone(needs);
}

async function readNeeds(path: string): Promise<RestoreNeeds> {
  const checkpoint = await openCheckpoint(privateCopy(path), { permissions: "owner" });
  try {
    return { ...(await restoreNeeds(checkpoint)), path: "archive.tar" };
  } finally {
    await checkpoint.close();
  }
}

const running: Tree = {
  "proc/812/cmdline": cmdline("/usr/bin/kubelet", "--config=/var/lib/kubelet/config.yaml"),
  "proc/meminfo": "MemTotal: 8000000 kB\nMemAvailable: 4000000 kB\n",
  "proc/sys/kernel/osrelease": "6.18.44\n",
};

let good: NodeFacts | undefined;

/** A node with containerd and runc of which all is known and good for the samples, to be changed. */
export async function goodHost(): Promise<NodeFacts> {
  good ??= await readGoodHost();
  return structuredClone(good);
}

async function readGoodHost(): Promise<NodeFacts> {
  const root = nodeTree(machine, criuTools, kubeadm, containerd, running);
  const facts = await gatherHost(folderHost(root));
  const known = <T>(value: T): { value: T; evidence: string } => ({ value, evidence: "test" });
  facts.criu.check = known(true);
  facts.machine.cgroup = known("v1");
  facts.machine.freezer = known(true);
  facts.machine.kernelOptions = known({});
  engineOf(facts).version = known("2.2.4");
  toolOf(facts, "runc").checkpoint = known(true);
  for (const name of ["crun", "podman", "iptables-restore"]) {
    const tool = toolOf(facts, name);
    tool.path = `/usr/bin/${name}`;
    tool.version = known("1.2.3");
    if (name === "crun") tool.checkpoint = known(true);
  }
  facts.criu.library = known("/usr/lib/libcriu.so.2");
  if (facts.kubelet?.runtimeSocket == null) throw new Error("the tree has a kubelet");
  Object.assign(facts.kubelet.runtimeSocket, { state: "found", kind: "socket" });
  return facts;
}

export function engineOf(facts: NodeFacts): NodeFacts["engines"][number] {
  const [engine] = facts.engines;
  if (engine === undefined) throw new Error("the target has no engine");
  return engine;
}

export function toolOf(facts: NodeFacts, name: string): NodeFacts["tools"][number] {
  const tool = facts.tools.find((it) => it.name === name);
  if (tool === undefined) throw new Error(`the target has no ${name}`);
  return tool;
}

/** What a real API server told of a node; `change` alters the object before it is read. */
export function recordedNode(change: (node: ApiNode) => void = () => {}): NodeFacts {
  const node = json("node") as ApiNode;
  // The recording was made while the network was not ready.
  node.spec.taints = [];
  change(node);
  return apiNodeFacts({ node, lease: json("lease"), configz: json("configz-admin") });
}

/** The parts of a Node object that tests change. */
export interface ApiNode {
  metadata: { labels: Record<string, string> };
  spec: { taints: { key: string; value?: string; effect: string }[]; unschedulable?: boolean };
  status: {
    allocatable: Record<string, string>;
    conditions: { type: string; status: string }[];
    nodeInfo: Record<string, string>;
    images: { names: string[] }[];
    runtimeHandlers: { name: string }[];
  };
}

function json(name: string): unknown {
  const file = new URL(`../node/recordings/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(fileURLToPath(file), "utf8"));
}
