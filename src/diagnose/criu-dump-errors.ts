import type { CriuRow } from "./known-error.ts";

/**
 * What CRIU says when a dump fails, worded as in its sources (criu-dev of late 2025). The first
 * that matches a text is the one that counts, so what is precise stands before what is general.
 */
export const dumpErrors: readonly CriuRow[] = [
  {
    id: "file-locks",
    phrases: ["Some file locks are hold by dumping tasks!"],
    cause: "a process holds file locks, and the runtime did not tell CRIU to keep them",
    remedy: "let CRIU keep file locks",
    option: "file-locks",
    sources: ["checkpoint-restore/criu#2011", "cri-o/cri-o#6463"],
  },
  {
    id: "mount-of-file-not-found",
    phrases: [
      "Can't lookup mount=%d for fd=%d path=%s",
      "Open files on overmounted mounts are not supported yet",
    ],
    cause:
      "an open file lies on a mount that CRIU cannot see, by a fault of older kernels' overlayfs or a mount from outside",
    remedy: "run a newer kernel on the node, or close the file before the checkpoint",
    sources: ["checkpoint-restore/criu#860", "checkpoint-restore/criu#1316"],
  },
  {
    id: "undeclared-mount",
    phrases: ["doesn't have a proper root mount"],
    cause: "something is mounted into the container that its runtime never told CRIU of",
    remedy: "take that mount away, or install a newer OCI runtime",
    sources: ["checkpoint-restore/criu#1511", "opencontainers/runc#87"],
  },
  {
    id: "filesystem-unsupported",
    phrases: ["FS mnt %s dev %s root %s unsupported id %d"],
    cause:
      "a file system is mounted in the container that CRIU cannot save, such as FUSE or configfs",
    remedy: "take that mount away, or do not run the container privileged",
    sources: ["containers/podman#12574"],
  },
  {
    id: "shared-mounts-from-outside",
    phrases: ["has unreachable sharing. Try --enable-external-masters."],
    cause: "a mount of the container is shared with one of the node, as GPU hooks leave it",
    remedy: "let CRIU take such mounts as they are",
    option: "enable-external-masters",
    sources: ["NVIDIA/cuda-checkpoint#52"],
  },
  {
    id: "ghost-limit",
    phrases: ["Can't dump ghost file %s of %d size, increase limit"],
    cause:
      "a file that was deleted while it is open is larger than CRIU saves without being told, 1 MiB",
    remedy: "raise the limit above the size of that file",
    option: "ghost-limit 512M",
    sources: ["checkpoint-restore/criu#491", "checkpoint-restore/criu#2501"],
  },
  {
    id: "link-remap",
    phrases: ["Can't create link remap for %s"],
    cause: "an open file lost its name, and lives on under another",
    remedy: "let CRIU make a link for it while it dumps",
    option: "link-remap",
    sources: ["checkpoint-restore/criu#3040"],
  },
  {
    id: "inotify-handle",
    phrases: ["Can't dump that handle", "Handle %s:%s cannot be opened"],
    cause:
      "a process watches files by inotify, and CRIU cannot find the watched file on overlayfs, as with .NET",
    remedy: "let CRIU search for watched files, or have the program poll instead",
    option: "force-irmap",
    sources: ["checkpoint-restore/criu#3048", "recorded"],
  },
  {
    id: "io-uring",
    // From 6.8 on the kernel does not let CRIU's parasite hand such a descriptor over.
    phrases: ["(anon_inode:[io_uring])", "send_fds failed (-22)"],
    cause: "a process uses io_uring, which CRIU cannot save",
    remedy: "have the program do without it: UV_USE_IO_URING=0 for Node.js",
    sources: ["checkpoint-restore/criu#2131", "containerd/containerd#12162", "recorded"],
  },
  {
    id: "rseq-without-kernel-support",
    phrases: ["has rseq but kernel lacks get_rseq_conf feature"],
    cause:
      "glibc 2.35 and later register restartable sequences, which kernels before 5.13 do not show to CRIU",
    remedy:
      "run a newer kernel on the node, or start the program with GLIBC_TUNABLES=glibc.pthread.rseq=0",
    sources: ["checkpoint-restore/criu#2070", "checkpoint-restore/criu#2552"],
  },
  {
    id: "vdso-of-new-kernels",
    phrases: ["Unexpected rt vDSO area bounds"],
    cause: "kernels from 6.13 on lay out the vDSO as this CRIU does not expect it",
    remedy: "install CRIU 4.1 or newer on the node",
    sources: ["checkpoint-restore/criu#2532"],
  },
  {
    id: "guard-pages",
    phrases: [
      "doesn't support PAGE_IS_GUARD flag",
      "Collect MADV_GUARD_INSTALL pages (pid: %d) failed with %d",
    ],
    cause:
      "the program guards memory with MADV_GUARD_INSTALL, and this kernel does not show that to CRIU",
    remedy: "run a newer kernel on the node, with CRIU 4.2 or newer",
    sources: ["checkpoint-restore/criu#2817"],
  },
  {
    id: "session-from-outside",
    phrases: [
      "A session leader of %d(%d) is outside of its pid namespace",
      "A session leader of zombie process %d(%d) is outside of its pid namespace",
    ],
    cause:
      "a process came into the container from outside: an exec session or a probe is under way",
    remedy: "end exec sessions, and try again",
    sources: ["checkpoint-restore/criu#232", "kata-containers/kata-containers#13463"],
  },
  {
    id: "pid-namespace-without-init",
    phrases: [
      "Can't dump a pid namespace without the process init",
      "Can't restore pid namespace without the process init",
    ],
    cause: "the container shares its process namespace with the pod or the node",
    remedy: "do without shareProcessNamespace and hostPID, or install a newer runc or crun",
    sources: ["checkpoint-restore/criu#1056", "containers/crun#728"],
  },
  {
    id: "freeze-timeout",
    phrases: ["Timeout reached. Try to interrupt: %d"],
    cause: "the processes did not come to rest within CRIU's own limit, 10 seconds",
    remedy: "give CRIU longer; cgroup v2 freezes more surely than v1",
    option: "timeout 60",
    sources: ["opencontainers/runc#4486"],
  },
  {
    id: "process-not-seizable",
    phrases: [
      "Unseizable non-zombie %d found, state %c",
      "Unable to interrupt task: %d (Operation not permitted)",
      "Unable to detach from %d: No such process",
    ],
    cause: "a process cannot be stopped: a debugger holds it, or something else has frozen it",
    remedy: "detach the debugger, and let no two checkpoints run at once",
    sources: ["checkpoint-restore/criu#1034"],
  },
  {
    id: "parasite-denied",
    phrases: ["Unable to connect a transport socket: Permission denied", "Can't infect"],
    cause: "SELinux or AppArmor keeps CRIU from working inside the processes",
    remedy:
      "look into the node's audit log; install the policy for containers, and a CRIU that is built with SELinux",
    sources: ["checkpoint-restore/criu#2392", "containers/podman#2334"],
  },
  {
    id: "gpu-without-plugin",
    phrases: ["Can't dump file %d of that type [%o] (chr 195:"],
    cause: "a process has an NVIDIA device open, and CRIU has no plugin for it",
    remedy: "install CRIU 4.0 or newer with its CUDA plugin on the node",
    sources: ["NVIDIA/cuda-checkpoint#7"],
  },
  {
    id: "device-open",
    phrases: ["Can't dump file %d of that type [%o] (chr "],
    cause: "a process has a device open that CRIU cannot save",
    remedy: "close the device before the checkpoint, or run the container without it",
    sources: ["NVIDIA/cuda-checkpoint#7"],
  },
  {
    id: "device-memory-without-plugin",
    phrases: ["handle_device_vma plugin failed: No such file or directory"],
    cause:
      "memory of a GPU is mapped, and CRIU's plugin for it is missing or its driver is too old",
    remedy: "install the plugin where this CRIU looks for plugins, and driver 570 or newer",
    sources: ["checkpoint-restore/criu#2515", "checkpoint-restore/criu#2953"],
  },
  {
    id: "mapping-unsupported",
    phrases: ["Can't handle non-regular mapping on %d's map %lx"],
    cause: "memory of a device or of a special file is mapped, and no plugin of CRIU's knows it",
    remedy: "run the container without the device, or install CRIU's plugin for it and its driver",
    sources: ["checkpoint-restore/criu#2953"],
  },
  {
    id: "gpu-pause",
    phrases: ["PAUSE_DEVICES failed with"],
    cause: "the GPU did not pause within CRIU's limit",
    remedy: "give CRIU longer",
    option: "timeout 60",
    sources: ["NVIDIA/cuda-checkpoint#26"],
  },
  {
    id: "network-lock",
    phrases: [
      "Locking network failed: iptables-restore returned %d",
      "ip6tables-restore",
      "iptables-restore",
      "Iptables configuration failed",
      "Failed to lock TCP connection",
    ],
    cause:
      "CRIU locks the network with iptables, which is missing on the node or does not work there",
    remedy: "have CRIU lock it with nftables, or not at all (skip)",
    option: "network-lock nftables",
    sources: ["checkpoint-restore/criu#813", "containers/crun#1627"],
  },
  {
    id: "terminal-from-outside",
    phrases: [
      "ctty inheritance detected",
      "Found slave peer index %d without correspond master peer",
      "is not a session leader. Consider using --shell-job option",
      "Task attached to shell terminal. Consider using --shell-job option.",
    ],
    cause:
      "the container has a terminal whose other end is outside: tty: true, or somebody is attached",
    remedy: "run it without tty: true, and detach before the checkpoint",
    option: "shell-job",
    sources: ["checkpoint-restore/criu#552"],
  },
  {
    id: "capability-missing",
    phrases: [
      "Effective capability %d missing",
      "Running as non-root requires '--unprivileged'",
      "CRIU needs to have the CAP_SYS_ADMIN or the CAP_CHECKPOINT_RESTORE capability",
    ],
    cause: "CRIU does not run as root with all capabilities",
    remedy: "call it as root, outside of containers or in a privileged one",
    sources: ["criu sources"],
  },
  {
    id: "resource-limits-denied",
    phrases: ["Can't get rlimit %d: Operation not permitted"],
    cause: "CRIU lacks the capability CAP_SYS_RESOURCE on the node",
    remedy: "run the container engine with all capabilities",
    sources: ["recorded"],
  },
];
