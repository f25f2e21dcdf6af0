import { describe, expect, it } from "vitest";
import type { RunExplanation } from "../../src/diagnose/log/explanation.ts";
import { explained } from "../support/explained.ts";

/** Errors that people met, as they met them: what failed, the known error, the line. */
const rows: readonly (readonly [what: string, id: string, line: string])[] = [
  [
    "dump",
    "tcp-established",
    "Error (criu/sk-inet.c:200): inet: Connected TCP socket, consider using --tcp-established option.",
  ],
  ["dump", "tcp-in-flight", "Error (criu/sk-inet.c:178): inet: In-flight connection (l) for 1f"],
  ["dump", "mptcp-socket", "Error (criu/sk-inet.c:146): inet: Unsupported proto 262 for socket 9c"],
  ["dump", "icmp-socket", "Error (criu/sk-inet.c:146): inet: Unsupported proto 1 for socket 9c"],
  [
    "dump",
    "socket-options-of-new-kernels",
    "Error (criu/sockets.c:530): sockets: Can't get 1:16 opt: Operation not supported",
  ],
  [
    "dump",
    "socket-options-of-new-kernels",
    "Error (criu/sockets.c:530): sockets: Can't get 1:34 opt: Operation not supported",
  ],
  [
    "dump",
    "external-unix-socket",
    "Error (criu/sk-unix.c:1): unix: External socket is used. Consider using --ext-unix-sk option.",
  ],
  [
    "dump",
    "external-unix-socket",
    "Error (criu/sk-unix.c:1): unix: Can't dump half of stream unix connection. name: /run/nscd/socket; peer name: (null)",
  ],
  [
    "dump",
    "file-locks",
    "Error (criu/file-lock.c:1): Some file locks are hold by dumping tasks! You can try --file-locks to dump them.",
  ],
  [
    "dump",
    "mount-of-file-not-found",
    "Error (criu/files-reg.c:1790): Can't lookup mount=29 for fd=3 path=/var/log/app.log",
  ],
  [
    "dump",
    "undeclared-mount",
    "Error (criu/mount.c:1): mnt: 41:./data doesn't have a proper root mount",
  ],
  [
    "dump",
    "filesystem-unsupported",
    "Error (criu/mount.c:1): mnt: FS mnt ./sys/kernel/config dev 0x1d root / unsupported id 17",
  ],
  [
    "dump",
    "shared-mounts-from-outside",
    "Error (criu/mount-v2.c:1): mnt-v2: Sharing group (0, 12) has unreachable sharing. Try --enable-external-masters.",
  ],
  [
    "dump",
    "ghost-limit",
    "Error (criu/files-reg.c:1): Can't dump ghost file /tmp/x.so of 2097152 size, increase limit",
  ],
  [
    "dump",
    "link-remap",
    "Error (criu/files-reg.c:1): Can't create link remap for /data/a. Use link-remap option.",
  ],
  ["dump", "inotify-handle", "Error (criu/fsnotify.c:284): fsnotify: 	Can't dump that handle"],
  ["dump", "io-uring", "Error (criu/files-ext.c:96): Unknown shit 600 (anon_inode:[io_uring])"],
  [
    "dump",
    "rseq-without-kernel-support",
    "Error (criu/cr-dump.c:1): 41 has rseq but kernel lacks get_rseq_conf feature",
  ],
  [
    "restore",
    "restored-process-crashed",
    "Error (criu/cr-restore.c:1269): 41 killed by signal 11: Segmentation fault",
  ],
  ["dump", "vdso-of-new-kernels", "Error (criu/vdso.c:1): vdso: Unexpected rt vDSO area bounds"],
  [
    "dump",
    "guard-pages",
    "Warn  (criu/pagemap_scan.c:1): ioctl(PAGEMAP_SCAN) doesn't support PAGE_IS_GUARD flag. CRIU dump will fail if dumped processes use madvise(MADV_GUARD_INSTALL). Please, consider updating your kernel.",
  ],
  [
    "dump",
    "guard-pages",
    "Error (criu/cr-dump.c:1): Collect MADV_GUARD_INSTALL pages (pid: 4) failed with -1",
  ],
  [
    "dump",
    "session-from-outside",
    "Error (criu/cr-dump.c:1): A session leader of 40(12) is outside of its pid namespace",
  ],
  [
    "dump",
    "pid-namespace-without-init",
    "Error (criu/namespaces.c:1): Can't dump a pid namespace without the process init",
  ],
  ["dump", "freeze-timeout", "Error (criu/cr-dump.c:1): Timeout reached. Try to interrupt: 0"],
  [
    "dump",
    "process-not-seizable",
    "Error (compel/src/lib/infect.c:1): Unseizable non-zombie 41 found, state T, err -1/0",
  ],
  [
    "dump",
    "parasite-denied",
    "Error (criu/parasite-syscall.c:1): Unable to connect a transport socket: Permission denied",
  ],
  [
    "dump",
    "gpu-without-plugin",
    "Error (criu/files-ext.c:96): Can't dump file 12 of that type [20666] (chr 195:255)",
  ],
  [
    "dump",
    "device-memory-without-plugin",
    "Error (criu/proc_parse.c:1): handle_device_vma plugin failed: No such file or directory",
  ],
  [
    "dump",
    "mapping-unsupported",
    "Error (criu/proc_parse.c:1): Can't handle non-regular mapping on 41's map 7f0000000000",
  ],
  [
    "dump",
    "gpu-pause",
    'Error (cuda_plugin.c:1): cuda_plugin: PAUSE_DEVICES failed with "timed out"',
  ],
  [
    "dump",
    "network-lock",
    "Error (criu/net.c:1): net: Locking network failed: iptables-restore returned 1. This may be connected to disabled CONFIG_NETFILTER_XT_MARK kernel build config option.",
  ],
  [
    "restore",
    "address-not-available",
    "Error (criu/sk-inet.c:1059): inet: Can't bind inet socket (id 16): Cannot assign requested address",
  ],
  [
    "restore",
    "address-not-available",
    "Error (soccr/soccr.c:1): Can't bind inet socket back: Cannot assign requested address",
  ],
  [
    "restore",
    "connection-not-restored",
    "Error (soccr/soccr.c:1): Can't connect inet socket back: Network is unreachable",
  ],
  [
    "restore",
    "file-changed",
    "Error (criu/files-reg.c:1): File usr/bin/app has bad size 13 (expect 9)",
  ],
  [
    "restore",
    "file-changed",
    "Error (criu/files-reg.c:1): File usr/lib/libc.so.6 has bad build-ID",
  ],
  [
    "restore",
    "file-missing",
    "Error (criu/files-reg.c:1): Can't open file data/db on restore: No such file or directory",
  ],
  [
    "restore",
    "file-mode",
    "Error (criu/files-reg.c:1): File data/db has bad mode 0100400 (expect 0100644)",
  ],
  [
    "restore",
    "mount-source",
    "Error (criu/mount.c:1): mnt: Can't mount at ./etc/resolv.conf: No such file or directory",
  ],
  [
    "restore",
    "mount-source",
    "Error (criu/mount.c:1): mnt: Can't bind-mount at ./etc/resolv.conf: Not a directory",
  ],
  [
    "restore",
    "mount-slave",
    "Error (criu/mount-v2.c:1): mnt-v2: Failed to make mount 476 slave: Invalid argument",
  ],
  [
    "wrapper",
    "bind-mounts-undeclared",
    'Error: CreateContainer failed: restoring "counter" expects following bind mounts defined (/etc/config,/data)',
  ],
  [
    "restore",
    "cpu-differs",
    "Error (criu/arch/x86/cpu.c:1): cpu: FPU feature required by image is not supported on host (fpu:1 fxsr:1 osxsave:1 xsaves:1)",
  ],
  [
    "restore",
    "cpu-differs",
    "Error (criu/arch/x86/cpu.c:1): cpu: CPU instruction capabilities do not match run time",
  ],
  ["restore", "pid-taken", "Error (criu/cr-restore.c:1237): Can't fork for 302: File exists"],
  ["restore", "pid-taken", "Error (criu/cr-restore.c:1): Pid 41 do not match expected 12"],
  ["restore", "pid-taken", "pie: 12: Error (criu/pie/restorer.c:1): Thread pid mismatch 40/41"],
  [
    "restore",
    "others-ended",
    "Error (criu/cgroup.c:1): cg: cgroupd: recv req error: No such file or directory",
  ],
  ["restore", "others-ended", "Error (criu/cr-restore.c:1269): 953 killed by signal 9: Killed"],
  [
    "restore",
    "others-ended",
    "Error (criu/mount.c:1): mnt: Can't remove the directory /tmp/.criu.mntns.x: No such file or directory",
  ],
  ["restore", "tcp-close-needed", "Error (criu/sk-inet.c:1): Need to set the --tcp-close options."],
  [
    "restore",
    "lsm-differs",
    "Error (criu/lsm.c:1): selinux LSM specified but selinux not supported by kernel",
  ],
  [
    "restore",
    "lsm-differs",
    "Error (criu/lsm.c:1): apparmor LSM specified but apparmor not supported by kernel",
  ],
  [
    "restore",
    "seccomp-suspend",
    "Error (criu/seize.c:1): failed to suspend seccomp, restore will probably fail...",
  ],
  ["restore", "image-damaged", "Error (criu/image.c:1): Magic doesn't match for core-1.img"],
  ["restore", "image-damaged", "Error (criu/image.c:1): Not supported images version 7"],
  [
    "wrapper",
    "criu-wordless",
    "runc did not terminate successfully: exit status 1: criu failed: type NOTIFY errno 0",
  ],
  ["wrapper", "criu-wordless", "CRIU checkpointing failed -52"],
  [
    "wrapper",
    "oci-runtime-without-criu",
    "Error: configured runtime does not support checkpoint/restore",
  ],
  ["wrapper", "criu-missing", "criu binary not found in shim path or system PATH"],
  ["wrapper", "criu-too-old", "checkpoint requires at least CRIU 31600"],
  [
    "wrapper",
    "base-image-by-digest",
    "failed to pull checkpoint base image sha256:0123abcd: invalid port",
  ],
  [
    "wrapper",
    "base-image-out-of-reach",
    'CreateContainer: failed to pull checkpoint base image 127.0.0.1:5000/e2e/counter@sha256:fff7: failed to resolve reference "127.0.0.1:5000/e2e/counter@sha256:fff7": failed to do request: Head "http://127.0.0.1:5000/v2/e2e/counter/manifests/sha256:fff7": dial tcp 127.0.0.1:5000: connect: connection refused',
  ],
  [
    "wrapper",
    "restore-disabled",
    "checkpoint restore via CreateContainer is disabled by configuration",
  ],
  [
    "dump",
    "terminal-from-outside",
    "Error (criu/tty.c:410): tty: Found slave peer index 0 without correspond master peer",
  ],
  [
    "dump",
    "terminal-from-outside",
    "Error (criu/tty.c:1): tty: ctty inheritance detected sid/pgrp 12, no PTY peer with sid/pgrp needed",
  ],
  // What the laboratory of this project met besides.
  [
    "restore",
    "external-mount-unmapped",
    "Error (criu/mount.c:1): mnt: No mapping for 235:(null) mountpoint",
  ],
  [
    "restore",
    "mount-sharing",
    "Error (criu/mount-v2.c:1): mnt-v2: Failed to copy sharing from 1:/ to 12: Invalid argument",
  ],
  [
    "restore",
    "file-mode",
    "Error (criu/files-reg.c:1): File . has bad mode 040755 (expect 040555)",
  ],
  ["restore", "images-mixed", "Error (criu/files-reg.c:1): No entry for reg-file-ID 0x4"],
  ["wrapper", "devices-cgroup-v1", "crun: write to devices.deny: Invalid argument"],
  ["restore", "tcp-in-image", "Error (criu/sk-inet.c:1): inet: Connected TCP socket in image"],
  [
    "wrapper",
    "signature-policy",
    "namespaced signature policy /etc/containers/policies/default.json: signature validation is not supported for container restore",
  ],
  ["wrapper", "podman-option-with-name", "Error: --tcp-established cannot be used with --name"],
  ["wrapper", "pre-dump-unsupported", "criu is missing features: [MemTrack]"],
  [
    "dump",
    "resource-limits-denied",
    "Error (criu/cr-dump.c:1): Can't get rlimit 0: Operation not permitted",
  ],
];

/** A run that ends in that line, as CRIU goes on from there. */
function runOf(what: string, line: string): RunExplanation {
  if (what === "wrapper") return explained(`Warning  Failed\n${line}\n`);
  const end = what === "dump" ? "Dumping FAILED." : "Restoring FAILED.";
  const place = what === "dump" ? "cr-dump" : "cr-restore";
  return explained(
    `(00.000010) Version: 4.2.1 (gitid 0)\n(00.001000) ${line}\n(00.002000) Error (criu/${place}.c:2331): ${end}\n`,
  );
}

describe("every error that we were told of", () => {
  it.each(rows)("%s: %s: %s", (what, id, line) => {
    const { finding, operation, outcome } = runOf(what, line);
    expect(finding).toMatchObject({ id });
    expect({ operation, outcome }).toEqual({ operation: what, outcome: "failed" });
  });
});

describe("errors without a line", () => {
  it("a dump that hangs while it freezes", () => {
    const { finding, outcome } = explained(
      "(00.000010) Version: 3.17\n(00.001000) freezing cgroup /sys/fs/cgroup/freezer/x: 100 x 100ms attempts, timeout: 10s\n(00.101000) freezer.state=FREEZING\n",
    );
    expect(outcome).toBe("cut");
    expect(finding).toMatchObject({ id: "hangs-while-freezing", line: 3 });
  });

  it("a kernel that this CRIU does not know, where nothing else is known", () => {
    const log = (kernel: string, criu: string, line: string): RunExplanation =>
      explained(
        `(00.000010) Version: ${criu} (gitid 0)\n(00.000020) Running on n Linux ${kernel} #1 SMP @0 x86_64\n(00.001000) Error (criu/x.c:1): ${line}\n`,
      );
    expect(log("7.1.0", "4.2", "new trouble").finding?.id).toBe("kernel-newer-than-criu");
    expect(log("7.0.9", "4.2", "new trouble").finding?.id).toBe(null);
    expect(log("7.1.0", "4.3", "new trouble").finding?.id).toBe(null);
    expect(log("8.0.1", "4.2", "Need to set the --tcp-close options.").finding?.id).toBe(
      "tcp-close-needed",
    );
  });
});
