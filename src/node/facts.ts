import type { Problem } from "../base/problem.ts";
import type { KubeletFlag } from "../kubelet/config/flags.ts";
import type { Setting } from "../kubelet/config/settings.ts";
import type { HostSpace } from "./host.ts";

/**
 * Something that is known, with what shows it; or not known (`value` null), with the reason.
 * Evidence names a file, a program or an object.
 */
export interface Fact<T> {
  value: T | null;
  evidence: string;
}

export const known = <T>(value: T, evidence: string): Fact<T> => ({ value, evidence });
export const unknown = (why: string): Fact<never> => ({ value: null, evidence: why });

/** All that is known of a node, from itself or from what the cluster keeps of it. */
export interface NodeFacts {
  source: "host" | "api";
  name: string | null;
  /** The folder that stood for `/`; null where the API was asked. */
  root: string | null;
  machine: MachineFacts;
  tools: ToolFacts[];
  criu: CriuFacts;
  engines: EngineFacts[];
  /** Null where no trace of a kubelet was found. */
  kubelet: KubeletFacts | null;
  /** Null where the API was not asked. */
  api: ApiFacts | null;
  /** What could not be read, and what is odd. */
  problems: Problem[];
}

export interface MachineFacts {
  /** Name of the distribution, as it writes it. */
  os: Fact<string>;
  /** As Go and Kubernetes write it: amd64, arm64. */
  architecture: Fact<string>;
  /** `uname -r`. */
  kernel: Fact<string>;
  /** CPU features as /proc/cpuinfo names them, sorted; for restores of images of other machines. */
  cpuFeatures: Fact<string[]>;
  /** Options of the kernel that were looked for: `y`, `m`, a value, `n` where it is not set. */
  kernelOptions: Fact<Record<string, string>>;
  /** What the running kernel shows of itself, whatever its version says. */
  probes: Record<string, Fact<boolean>>;
  /** Bytes of a page of memory. */
  pageSize: Fact<number>;
  /** Bytes of memory that programs can have without swapping others out. */
  availableBytes: Fact<number>;
  /** 1, 2, or both at once ("hybrid"). */
  cgroup: Fact<"v1" | "v2" | "hybrid">;
  freezer: Fact<boolean>;
  /** Security modules that are active, in their order. */
  securityModules: Fact<string[]>;
  selinux: Fact<"enforcing" | "permissive" | "disabled">;
  apparmor: Fact<boolean>;
  seccompFilter: Fact<boolean>;
}

/** A program that takes part: runc, crun, podman, iptables, nft. */
export interface ToolFacts {
  name: string;
  /** Null where it is not in any folder of programs. */
  path: string | null;
  version: Fact<string>;
  /** Was it built with checkpoint and restore? Null where the question does not arise. */
  checkpoint: Fact<boolean> | null;
}

export interface CriuFacts {
  path: string | null;
  version: Fact<string>;
  /** What `criu check` says: does the kernel have all that CRIU needs always? */
  check: Fact<boolean>;
  /** libcriu, which crun loads while it runs. */
  library: Fact<string>;
  /** Files of options, and what stands in them. Values of options are words of the file. */
  configFiles: { path: string; options: { name: string; value: string | null }[] }[];
}

/** A container runtime that speaks CRI. */
export interface EngineFacts {
  engine: "containerd" | "cri-o";
  path: string | null;
  pid: number | null;
  version: Fact<string>;
  /** Files that were read, in the order in which they are merged. */
  configFiles: string[];
  /** `enable_criu`, `enable_criu_support`. */
  criuSupport: Fact<boolean>;
  /** containerd's `enable_experimental_restore_via_create`. */
  restoreViaCreate: Fact<boolean>;
  /** CRI-O's `container_level_enabled`. */
  containerLevel: Fact<string>;
  /** CRI-O refuses checkpoint images where it is set. */
  signaturePolicy: Fact<string>;
  defaultRuntime: Fact<string>;
  /** Program of the default runtime, where the configuration names one. */
  runtimePath: Fact<string>;
}

export interface KubeletFacts {
  /** What told its command line. */
  from: "process" | "unit" | "k3s" | "api";
  pid: number | null;
  path: string | null;
  version: Fact<string>;
  unit: UnitFacts | null;
  /** Secrets in values are masked. */
  flags: KubeletFlag[];
  configFiles: string[];
  /** Null where a file of the configuration could not be read or used. */
  effective: {
    rootDir: string;
    checkpointsDir: string;
    certDir: string;
    kubeconfig: string | null;
    settings: Setting[];
  } | null;
  /** Why `effective` is null. */
  effectiveWhy: string | null;
  /** `kubernetes_feature_enabled` of the running kubelet, by gate; only from its metrics. */
  gates: Record<string, boolean> | null;
  runtimeSocket: FileFacts | null;
  certificates: CertificateFacts[];
  stateFiles: FileFacts[];
  sockets: FileFacts[];
  checkpoints: CheckpointsFacts | null;
}

export interface UnitFacts {
  name: string;
  /** The unit's own file, then its drop-ins in order. */
  files: string[];
  environmentFiles: { path: string; state: "read" | "absent" | "unreadable" }[];
  /** The command line with its variables replaced; secrets are masked. */
  command: string[];
  /** Milliseconds; 0 is off, null is not set. */
  watchdogMs: number | null;
}

export interface FileFacts {
  path: string;
  state: "found" | "absent" | "unreadable";
  /** Why it is unreadable. */
  why: string | null;
  kind: string | null;
  mode: string | null;
  uid: number | null;
  bytes: number | null;
}

export interface CertificateFacts extends FileFacts {
  role: "client" | "serving" | "client-ca" | "key";
  subject: string | null;
  issuer: string | null;
  /** RFC 3339. */
  notBefore: string | null;
  notAfter: string | null;
}

export interface CheckpointsFacts extends FileFacts {
  /** Archives by name `checkpoint-*.tar`; null where the folder cannot be listed. */
  count: number | null;
  archiveBytes: number | null;
  /** Archives that others than their owner can read. */
  open: number | null;
  space: HostSpace | null;
}

/** What the API server keeps of a node. */
export interface ApiFacts {
  createdAt: string | null;
  conditions: {
    type: string;
    status: string;
    reason: string | null;
    message: string | null;
    heartbeatAt: string | null;
    changedAt: string | null;
  }[];
  addresses: { type: string; address: string }[];
  capacity: Record<string, string>;
  allocatable: Record<string, string>;
  labels: Record<string, string>;
  taints: { key: string; value: string | null; effect: string; addedAt: string | null }[];
  unschedulable: boolean;
  kubeletPort: number | null;
  /** Names of images that are there; the kubelet tells of 50 images at most. */
  images: string[];
  imageCount: number;
  /** Handlers of the runtime that a runtimeClass may name; the default's name is empty. */
  handlers: string[];
  /** As the kubelet writes it: `containerd://2.1.9`. */
  runtime: string | null;
  /** The heartbeat that tells first. */
  lease: { renewedAt: string; durationSeconds: number } | null;
}
