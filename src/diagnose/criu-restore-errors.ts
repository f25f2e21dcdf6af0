import type { CriuRow } from "./known-error.ts";

/** What CRIU says when a restore fails for what it finds, or does not find, where it restores. */
export const restoreErrors: readonly CriuRow[] = [
  {
    id: "tcp-in-image",
    phrases: ["Connected TCP socket in image"],
    cause:
      "the archive holds open TCP connections, and the runtime did not tell CRIU to restore them",
    remedy:
      "let CRIU restore connections (they need the same address), or restore them closed with tcp-close",
    option: "tcp-established",
    sources: ["criu sources", "recorded"],
  },
  {
    id: "tcp-close-needed",
    phrases: ["Need to set the --tcp-close options."],
    cause: "the dump was made with tcp-close, and the restore is tried without",
    remedy: "give the restore the option that the dump had",
    option: "tcp-close",
    sources: ["criu sources"],
  },
  {
    id: "port-in-use",
    phrases: [
      "Can't bind inet socket (id %d): Address already in use",
      "Can't bind inet socket back: Address already in use",
    ],
    cause: "something else listens on the port that a process of the archive listened on",
    remedy:
      "stop the other listener (ss -ltnp tells whose it is), or restore in a network of its own",
    sources: ["checkpoint-restore/criu#735", "recorded"],
  },
  {
    id: "address-not-available",
    phrases: [
      "Can't bind inet socket (id %d): Cannot assign requested address",
      "Can't bind inet socket back",
      "Can't bind inet socket (id %d)",
    ],
    cause:
      "a socket was bound to an address that this machine or pod does not have: the pod's IP changed",
    remedy:
      "give the pod the same IP, have the program listen on all addresses, or restore connections closed",
    option: "tcp-close",
    sources: [
      "checkpoint-restore/criu#312",
      "checkpoint-restore/criu#1784",
      "ethpandaops/benchmarkoor#112",
    ],
  },
  {
    id: "connection-not-restored",
    phrases: ["Can't connect inet socket back"],
    cause:
      "an open TCP connection has no way any more: the network is missing, or its address is another",
    remedy: "restore with the same network and address, or restore connections closed",
    option: "tcp-close",
    sources: ["checkpoint-restore/criu#735", "recorded"],
  },
  {
    id: "unix-socket-in-image",
    phrases: ["External socket found in image. Consider using the --ext-unix-sk option"],
    cause: "a unix socket led out of the container when it was dumped",
    remedy: "let CRIU connect it again, to a socket of the same name",
    option: "ext-unix-sk",
    sources: ["criu sources"],
  },
  {
    id: "unix-socket-peer",
    phrases: ["unix: Can't connect %d socket"],
    cause: "the other end of a unix socket lies outside of the container, and is not there",
    remedy: "start what listens on that socket first, and mount its folder into the container",
    sources: ["checkpoint-restore/criu#2849", "recorded"],
  },
  {
    id: "file-changed",
    phrases: ["has bad size %d (expect %d)", "has bad build-ID"],
    cause:
      "a file that a process had open or mapped is not the one of the dump: another base image, or the file was changed",
    remedy:
      "restore onto the base image of the dump, by digest, with the container's changed files and volumes as they were",
    sources: ["checkpoint-restore/criu#414", "checkpoint-restore/criu#1258", "recorded"],
  },
  {
    id: "file-missing",
    phrases: ["Can't open file %s on restore"],
    cause:
      "a file that a process had open or mapped is missing: content of a volume, of a tmpfs or of /dev/shm is not in every archive",
    remedy: "put the file back first: copy the volume's content, or take it out of the archive",
    sources: ["checkpoint-restore/criu#1478", "checkpoint-restore/criu#1854", "recorded"],
  },
  {
    id: "file-mode",
    phrases: ["has bad mode %s (expect %s)"],
    cause:
      "a file or folder has other permissions than in the dump; `.` is the root folder, 0755 under containerd and 0555 under CRI-O",
    remedy: "give it the mode that CRIU expects (chmod), or have CRIU not compare",
    option: "skip-file-rwx-check",
    sources: ["criu sources", "recorded"],
  },
  {
    id: "external-mount-unmapped",
    phrases: ["No mapping for %d:%s mountpoint"],
    cause:
      "a mount came from outside the container, and this restore does not say what it is now; runc and crun name such mounts differently",
    remedy:
      "restore with the OCI runtime that made the dump, with every mount of the container declared",
    sources: ["recorded"],
  },
  {
    id: "mount-sharing",
    phrases: ["Failed to copy sharing from"],
    cause:
      "the root file system does not lie on a mount that is shared, which CRIU copies sharing from",
    remedy: "make it shared before the restore: mount --make-rshared /",
    sources: ["recorded"],
  },
  {
    id: "mount-slave",
    phrases: ["Failed to make mount %d slave: Invalid argument", "Failed to make mount %d slave"],
    cause:
      "newer kernels, and older ones that took their fix over, refuse a step of CRIU's mounting",
    remedy: "install CRIU 4.1.1 or newer, or have this one mount in the older way",
    option: "mntns-compat-mode",
    sources: ["checkpoint-restore/criu#2694", "checkpoint-restore/criu#2701"],
  },
  {
    id: "mount-source",
    phrases: [
      "Can't mount at %s",
      "Can't bind-mount at %s",
      "Can't bind-mount %d:%s to %s",
      "Fail to make bind-mount %s",
      "Unable to bind-mount %s to %s",
    ],
    cause: "the source of a mount is missing, or is a file where a folder is wanted or the reverse",
    remedy:
      "make a file or a folder of the right kind there first; bind.mounts in CRI-O's archives lists them",
    sources: ["checkpoint-restore/criu#249", "cri-o/cri-o#6203"],
  },
  {
    id: "root-option-missing",
    phrases: ["The --root option is required to restore a mount namespace"],
    cause: "CRIU was called by hand without the folder that is the container's root",
    remedy: "restore with runc or crun, which give it, or add --root DIR",
    sources: ["criu sources"],
  },
  {
    id: "cpu-differs",
    phrases: [
      "FPU feature required by image is not supported on host",
      "CPU instruction capabilities do not match run time",
      "CPU capabilities do not match run time",
    ],
    cause: "the processor here lacks what the one of the dump had, and the processes may use it",
    remedy:
      "restore on a node with the same processor or a newer one; cpu-cap=none at your own risk",
    sources: ["containers/podman#17496", "beam-cloud/beta9#1792"],
  },
  {
    id: "pid-taken",
    phrases: [
      "Can't fork for %d: File exists",
      "Pid %d do not match expected %d",
      "Thread pid mismatch",
    ],
    cause:
      "a process or group of the same number runs here already: the process namespace is shared",
    remedy: "restore into a process namespace of its own, or end the process that has the number",
    sources: ["checkpoint-restore/criu#2383", "checkpoint-restore/criu#1470", "recorded"],
  },
  {
    id: "lsm-differs",
    phrases: [
      "selinux LSM specified but selinux not supported by kernel",
      "apparmor LSM specified but apparmor not supported by kernel",
    ],
    cause: "the dump was made under SELinux or AppArmor, and this kernel runs without",
    remedy: "restore on a node with the same security module",
    sources: ["criu sources"],
  },
  {
    id: "seccomp-suspend",
    phrases: ["failed to suspend seccomp, restore will probably fail", "couldn't suspend seccomp"],
    cause: "the kernel does not let CRIU suspend seccomp while it works in a process",
    remedy: "run a kernel with CONFIG_CHECKPOINT_RESTORE and CONFIG_SECCOMP_FILTER",
    sources: ["criu sources"],
  },
  {
    id: "restored-process-crashed",
    phrases: ["killed by signal 11", "killed by signal 4:"],
    cause:
      "a process crashed while it was restored: by CRIU before 3.17 with a glibc that registers rseq, by an instruction that this processor lacks, or by images that do not fit together",
    remedy:
      "install CRIU 3.17 or newer on the node, restore on the processor of the dump, and compare the archive's hash",
    sources: ["checkpoint-restore/criu#1696", "checkpoint-restore/criu#1935"],
  },
  {
    id: "plugin-missing",
    phrases: ["Missing required plugin: %s"],
    cause: "the dump was made with a plugin of CRIU's that is not installed here",
    remedy: "install that plugin where this CRIU looks for plugins (criu --libdir)",
    sources: ["criu sources"],
  },
];
