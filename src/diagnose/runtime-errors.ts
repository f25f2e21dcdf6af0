import type { KnownError } from "./known-error.ts";

/** What kubelets, CRI and OCI runtimes say, as they word it. The precise stands before the general. */
export const runtimeErrors: readonly KnownError[] = [
  {
    id: "container-not-running",
    speaker: "kubelet",
    phrases: ["failed (container %s not found)"],
    cause:
      "the kubelet knows the container, but it does not run: it has ended or has not started yet",
    remedy: "checkpoint it while it runs: kubectl get pod shows its state",
    sources: ["recorded"],
  },
  {
    id: "timeout-negative",
    speaker: "kubelet",
    phrases: ["CheckpointContainer requires the timeout value to be > 0"],
    cause: "the kubelet takes no negative timeout",
    remedy: "give 0 or a positive number of seconds",
    sources: ["recorded"],
  },
  {
    id: "runtime-deadline",
    speaker: "cri",
    phrases: ["code = DeadlineExceeded"],
    cause: "the container runtime did not answer the kubelet in time",
    remedy:
      "give it longer with --timeout; if it took 2 minutes whatever the timeout, the runtime does not answer at all: look at it on the node (systemctl status containerd or crio)",
    sources: ["recorded"],
  },
  {
    id: "runtime-canceled",
    speaker: "cri",
    phrases: ["code = Canceled"],
    cause: "the call was given up on the way, by its caller or by a proxy between",
    remedy: "look for a proxy or load balancer whose own timeout is shorter than the checkpoint",
    sources: ["recorded"],
  },
  {
    id: "runtime-unavailable",
    speaker: "cri",
    phrases: ["code = Unavailable"],
    cause: "the kubelet cannot reach the container runtime",
    remedy: "look at it on the node: systemctl status containerd or crio",
    sources: ["gRPC status codes"],
  },
  {
    id: "runtime-without-checkpoint",
    speaker: "cri",
    phrases: [
      "unknown method CheckpointContainer",
      "method CheckpointContainer not implemented",
      "code = Unimplemented",
    ],
    cause:
      "the container runtime has no checkpoints: containerd before 2.0 and cri-dockerd have none",
    remedy: "use containerd 2.0 or newer, or CRI-O 1.25 or newer, on that node",
    sources: ["kubernetes/kubernetes#113621"],
  },
  {
    id: "checkpoint-disabled",
    speaker: "cri",
    phrases: ["checkpoint/restore support not available"],
    cause: "CRI-O's checkpoint support is switched off",
    remedy:
      "set enable_criu_support = true under [crio.runtime] on the node (newer: container_level_enabled under [crio.checkpoint_restore]) and restart crio",
    sources: ["kubernetes/kubernetes#114805"],
  },
  {
    id: "oci-runtime-without-criu",
    speaker: "oci-runtime",
    phrases: ["configured runtime does not support checkpoint/restore"],
    cause: "the OCI runtime was built without CRIU, as some crun packages are",
    remedy: "use runc, or a crun whose `crun --version` says +CRIU",
    sources: ["checkpoint-restore/criu#2317"],
  },
  {
    id: "criu-missing",
    speaker: "cri",
    phrases: [
      'exec: "criu": executable file not found',
      "criu binary not found in shim path or system PATH",
    ],
    cause: "CRIU is not installed on the node, or not where the container runtime looks for it",
    remedy:
      "install criu 3.16 or newer on the node, in the PATH of the container runtime's service",
    sources: ["recorded"],
  },
  {
    id: "criu-too-old",
    speaker: "cri",
    phrases: ["CRIU binary not found or too old (<%d)", "requires at least CRIU %d"],
    cause: "the CRIU on the node is too old for the container runtime",
    remedy: "install criu 3.16 or newer on the node",
    sources: ["containerd sources"],
  },
  {
    id: "disk-full",
    speaker: "oci-runtime",
    phrases: ["no space left on device", "No space left on device"],
    cause: "the node's disk is full: a checkpoint needs about the container's memory twice",
    remedy: "make room below the kubelet's and the runtime's folders, old checkpoints first",
    sources: ["errno(3)"],
  },
  {
    id: "criu-wordless",
    speaker: "oci-runtime",
    phrases: ["criu failed: type %s errno %d", "CRIU checkpointing failed"],
    cause:
      "CRIU failed, and the runtime does not pass on what it said; the log it names is removed afterwards",
    remedy: "have CRIU write its log elsewhere, call again, and look there for the first Error",
    option: "log-file /tmp/criu.log",
    secondary: true,
    sources: ["checkpoint-restore/criu#2366", "cri-o/cri-o#7904", "recorded"],
  },
];
