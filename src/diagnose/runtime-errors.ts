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
    id: "base-image-by-digest",
    speaker: "cri",
    phrases: ["failed to pull checkpoint base image sha256:%s"],
    cause: "the archive names its base image by a digest alone, which no registry can be asked for",
    remedy: "give the base image its name on this node again: ctr -n k8s.io image tag",
    sources: ["containerd/containerd#12876"],
  },
  {
    id: "base-image-out-of-reach",
    speaker: "cri",
    phrases: ["failed to pull checkpoint base image %s: failed to resolve reference"],
    cause:
      "the registry of the base image does not give it: containerd 2.1 asks there by digest even where the node has the image, and without credentials",
    remedy:
      "see that the node reaches that registry, and that it still has the digest: crictl pull with the name in the line",
    sources: ["recorded"],
  },
  {
    id: "restore-disabled",
    speaker: "cri",
    phrases: ["checkpoint restore via CreateContainer is disabled by configuration"],
    cause: "this containerd restores only where it is told to, because archives can be hostile",
    remedy:
      'set enable_experimental_restore_via_create = true under [plugins."io.containerd.cri.v1.runtime"] and restart containerd; 2.4 has no such restore any more',
    sources: ["containerd/containerd#13871"],
  },
  {
    id: "bind-mounts-undeclared",
    speaker: "cri",
    phrases: ["restoring %s expects following bind mounts defined (%s)"],
    cause: "CRI-O restores only where the pod declares every mount that the container had",
    remedy: "add volumes and volumeMounts at these paths to the pod",
    sources: ["cri-o/cri-o#8792"],
  },
  {
    id: "signature-policy",
    speaker: "cri",
    phrases: [
      "namespaced signature policy",
      "signature validation is not supported for container restore",
    ],
    cause: "CRI-O has a signature policy, and restores no checkpoint image under one",
    remedy: "restore on a node whose crio.conf has no signature_policy and no signature_policy_dir",
    sources: ["recorded"],
  },
  {
    id: "image-name-is-a-path",
    speaker: "kubelet",
    phrases: ["InvalidImageName"],
    cause: "the kubelet takes no path of an archive as the name of an image, though CRI-O does",
    remedy: "make an image of the archive (cryoscope restore image) and name that",
    sources: ["recorded"],
  },
  {
    id: "devices-cgroup-v1",
    speaker: "oci-runtime",
    phrases: ["write to devices.deny: Invalid argument", "`devices.deny`: Invalid argument"],
    cause: "crun cannot set the devices of a restored container under cgroup version one",
    remedy: "restore on a node with cgroup v2, or with runc",
    sources: ["recorded"],
  },
  {
    id: "pre-dump-unsupported",
    speaker: "oci-runtime",
    phrases: ["missing features: [MemTrack]"],
    cause:
      "the kernel does not tell which pages changed (CONFIG_MEM_SOFT_DIRTY), which pre-dumps need",
    remedy: "checkpoint without --pre-checkpoint, or run a kernel that has it",
    sources: ["recorded"],
  },
  {
    id: "podman-option-with-name",
    speaker: "oci-runtime",
    phrases: ["--tcp-established cannot be used with --name"],
    cause: "Podman gives a restored container no new name together with its connections",
    remedy: "restore without --name, after the first container was removed",
    sources: ["recorded"],
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
