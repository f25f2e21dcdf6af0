import { join } from "node:path/posix";
import { isObject, valueAt } from "../base/json-object.ts";
import type { Problem } from "../base/problem.ts";
import { settingsOfConfigz } from "../kubelet/config/effective.ts";
import {
  type ApiFacts,
  type EngineFacts,
  type Fact,
  type KubeletFacts,
  known,
  type MachineFacts,
  type NodeFacts,
  unknown,
} from "./facts.ts";
import { readMetrics } from "./metrics.ts";
import { pageSizeByName } from "./page-size.ts";

/** What an API server answers of one node, parsed; undefined where it was not asked or refused. */
export interface ApiAnswers {
  /** The object of kind Node. */
  node: unknown;
  /** The object of kind Lease in kube-node-lease. */
  lease?: unknown;
  /** The kubelet's `/configz`. */
  configz?: unknown;
  /** The kubelet's `/metrics`, as text. */
  metrics?: string | undefined;
  /** Why the kubelet itself was not asked, or did not answer. */
  kubeletWhy?: string;
}

const silent = "the API does not tell; run cryoscope node on the node itself";

/** A node as the cluster sees it. Answers of another form are taken for saying nothing. */
export function apiNodeFacts({ node, lease, configz, metrics, kubeletWhy }: ApiAnswers): NodeFacts {
  const told = readMetrics(metrics ?? "");
  const settings = settingsOfConfigz(configz);
  const runtime = text(node, "status", "nodeInfo", "containerRuntimeVersion");
  const problems: Problem[] = [];
  if (valueAt(node, "kind") !== "Node") {
    problems.push({
      severity: "warning",
      code: "no-node",
      message: "the answer is no Node object",
    });
  }
  const version = text(node, "status", "nodeInfo", "kubeletVersion") ?? told.version;
  const rootDir = "/var/lib/kubelet";
  const kubelet: KubeletFacts = {
    from: "api",
    pid: null,
    path: null,
    version:
      version === null ? unknown("the node object does not say") : known(version, "nodeInfo"),
    unit: null,
    flags: [],
    configFiles: [],
    effective:
      settings === undefined
        ? null
        : {
            // A flag that /configz does not show; this is what it is unless somebody moved it.
            rootDir,
            checkpointsDir: join(rootDir, "checkpoints"),
            certDir: join(rootDir, "pki"),
            kubeconfig: null,
            settings,
          },
    effectiveWhy:
      settings === undefined ? (kubeletWhy ?? "the kubelet's /configz was not read") : null,
    gates: metrics === undefined ? null : told.gates,
    runtimeSocket: null,
    certificates: [],
    stateFiles: [],
    sockets: [],
    checkpoints: null,
  };
  return {
    source: "api",
    name: text(node, "metadata", "name"),
    root: null,
    machine: machineOf(node),
    tools: [],
    criu: {
      path: null,
      version: unknown(silent),
      check: unknown(silent),
      library: unknown(silent),
      configFiles: [],
    },
    engines: engineOf(runtime),
    kubelet,
    api: apiFacts(node, lease, runtime),
    problems,
  };
}

function machineOf(node: unknown): MachineFacts {
  const info = (key: string): Fact<string> => {
    const value = text(node, "status", "nodeInfo", key);
    return value === null ? unknown("the node object does not say") : known(value, "nodeInfo");
  };
  return {
    os: info("osImage"),
    architecture: info("architecture"),
    kernel: info("kernelVersion"),
    cpuFeatures: unknown(silent),
    kernelOptions: unknown(silent),
    probes: {},
    pageSize: pageSizeByName(info("kernelVersion"), info("architecture")),
    availableBytes: unknown("the node object tells what is allocatable, and not what is left"),
    cgroup: unknown(silent),
    freezer: unknown(silent),
    securityModules: unknown(silent),
    selinux: unknown(silent),
    apparmor: unknown(silent),
    seccompFilter: unknown(silent),
  };
}

/** `containerd://2.1.9+unknown`, `cri-o://1.37.0`. */
function engineOf(runtime: string | null): EngineFacts[] {
  const match = /^(containerd|cri-o):\/\/(.+)$/.exec(runtime ?? "");
  if (match === null) return [];
  return [
    {
      engine: match[1] as EngineFacts["engine"],
      path: null,
      pid: null,
      version: known(match[2] as string, "nodeInfo"),
      configFiles: [],
      criuSupport: unknown(silent),
      restoreViaCreate: unknown(silent),
      containerLevel: unknown(silent),
      signaturePolicy: unknown(silent),
      defaultRuntime: unknown(silent),
      runtimePath: unknown(silent),
    },
  ];
}

function apiFacts(node: unknown, lease: unknown, runtime: string | null): ApiFacts {
  const renewedAt = text(lease, "spec", "renewTime");
  const port = valueAt(node, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
  return {
    createdAt: text(node, "metadata", "creationTimestamp"),
    conditions: list(node, "status", "conditions").map((entry) => ({
      type: text(entry, "type") ?? "",
      status: text(entry, "status") ?? "Unknown",
      reason: text(entry, "reason"),
      message: text(entry, "message"),
      heartbeatAt: text(entry, "lastHeartbeatTime"),
      changedAt: text(entry, "lastTransitionTime"),
    })),
    addresses: list(node, "status", "addresses").map((entry) => ({
      type: text(entry, "type") ?? "",
      address: text(entry, "address") ?? "",
    })),
    capacity: texts(node, "status", "capacity"),
    allocatable: texts(node, "status", "allocatable"),
    labels: texts(node, "metadata", "labels"),
    taints: list(node, "spec", "taints").map((entry) => ({
      key: text(entry, "key") ?? "",
      value: text(entry, "value"),
      effect: text(entry, "effect") ?? "",
      addedAt: text(entry, "timeAdded"),
    })),
    unschedulable: valueAt(node, "spec", "unschedulable") === true,
    kubeletPort: typeof port === "number" ? port : null,
    images: list(node, "status", "images").flatMap((entry) => nameList(entry, "names")),
    imageCount: list(node, "status", "images").length,
    handlers: list(node, "status", "runtimeHandlers").flatMap((entry) => text(entry, "name") ?? []),
    runtime,
    lease: renewedAt === null ? null : { renewedAt, durationSeconds: leaseSeconds(lease) },
  };
}

function leaseSeconds(lease: unknown): number {
  const seconds = valueAt(lease, "spec", "leaseDurationSeconds");
  return typeof seconds === "number" ? seconds : 40;
}

function nameList(document: unknown, key: string): string[] {
  return list(document, key).filter((entry): entry is string => typeof entry === "string");
}

function text(document: unknown, ...path: string[]): string | null {
  const value = valueAt(document, ...path);
  return typeof value === "string" && value !== "" ? value : null;
}

function list(document: unknown, ...path: string[]): unknown[] {
  const value = valueAt(document, ...path);
  return Array.isArray(value) ? value : [];
}

/** Texts by name, sorted; anything else under a name is left out. */
function texts(document: unknown, ...path: string[]): Record<string, string> {
  const value = valueAt(document, ...path);
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries
      .filter((entry): entry is [string, string] => typeof entry[1] === "string")
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
