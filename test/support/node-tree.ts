import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { scratch } from "./samples.ts";

/** What lies at a path: a file's bytes, a link, a folder, or a file with its mode. */
type Entry =
  | string
  | Uint8Array
  | { link: string }
  | { folder: true; mode?: number }
  | { text: string; mode: number };

export type Tree = Record<string, Entry>;

/** A folder that stands for the root of a node, and goes with the test. */
export function nodeTree(...trees: readonly Tree[]): string {
  const root = scratch();
  for (const [path, entry] of Object.entries(Object.assign({}, ...trees) as Tree)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof entry === "string" || entry instanceof Uint8Array) writeFileSync(file, entry);
    else if ("link" in entry) symlinkSync(entry.link, file);
    else if ("folder" in entry) mkdirSync(file, { recursive: true, mode: entry.mode ?? 0o755 });
    else {
      writeFileSync(file, entry.text);
      chmodSync(file, entry.mode);
    }
  }
  return root;
}

/** The command line of a process as /proc has it. */
export const cmdline = (...words: string[]): string => `${words.join("\0")}\0`;

/** A socket at a path; it is closed by what is returned, and stays there. */
export async function listenAt(path: string): Promise<() => void> {
  mkdirSync(dirname(path), { recursive: true });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return () => server.close();
}

const program = { text: "#!/bin/sh\n", mode: 0o755 };

/** The first bytes of an x86-64 program, enough to tell the machine by. */
const elf = Buffer.concat([
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]),
  Buffer.alloc(8),
  Buffer.from([3, 0, 62, 0]),
]);

const required = [
  "CHECKPOINT_RESTORE NAMESPACES UTS_NS IPC_NS PID_NS NET_NS FHANDLE EVENTFD EPOLL UNIX_DIAG",
  "INET_DIAG INET_UDP_DIAG PACKET_DIAG NETLINK_DIAG INOTIFY_USER TUN NETFILTER_XT_MARK",
  "MEM_SOFT_DIRTY USERFAULTFD SECCOMP_FILTER CGROUP_FREEZER",
]
  .join(" ")
  .split(" ");

/** A configuration of a kernel, as the build leaves it, without the options that are named. */
export function kernelConfig(without: readonly string[] = []): string {
  const fill = Array.from({ length: 200 }, (_, at) => `CONFIG_FILL_${at}=y`);
  const set = required
    .filter((name) => !without.includes(name))
    .map((name) => `CONFIG_${name}=${name.endsWith("_DIAG") ? "m" : "y"}`);
  return [...fill, ...set, ...without.map((name) => `# CONFIG_${name} is not set`), ""].join("\n");
}

/** A Debian machine with version 2 of control groups: kernel 6.1, AppArmor. */
export const machine: Tree = {
  "bin/sh": elf,
  "etc/os-release": 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  "proc/sys/kernel/osrelease": "6.1.0-18-amd64\n",
  "proc/sys/kernel/hostname": "worker-3\n",
  "proc/sys/kernel/ns_last_pid": "4711\n",
  "proc/sys/kernel/seccomp/actions_avail": "kill_process kill_thread trap errno log allow\n",
  "proc/self/timers": "",
  "proc/self/map_files": { folder: true },
  "proc/self/mountinfo":
    "25 30 0:23 / /sys rw - sysfs sysfs rw\n29 25 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n",
  "proc/pressure/memory": "some avg10=0.00\n",
  "proc/cpuinfo":
    "processor\t: 0\nflags\t\t: fpu sse sse2 avx fpu\n\nprocessor\t: 1\nflags\t\t: fpu\n",
  "sys/fs/cgroup/kubepods.slice/cgroup.freeze": "0\n",
  "sys/kernel/security/lsm": "lockdown,capability,yama,apparmor",
  "sys/module/apparmor/parameters/enabled": "Y\n",
  "boot/config-6.1.0-18-amd64": kernelConfig(),
};

/** CRIU, runc and their versions as dpkg notes them. Nothing here is run. */
export const criuTools: Tree = {
  "usr/sbin/criu": program,
  "usr/sbin/runc": program,
  "usr/sbin/nft": program,
  "var/lib/dpkg/status": [
    ["criu", "4.2.1-1"],
    ["runc", "1.1.5+ds1-1+deb12u1"],
    ["containerd", "1.6.20~ds1-1+deb12u1"],
    ["kubelet", "1.33.1-1.1"],
    ["nftables", "1.0.6-2+deb12u2"],
  ]
    .map(
      ([name, version]) => `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n`,
    )
    .join("\n"),
};

const ten = `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
# kubeadm writes this one
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;

/** What kubeadm and its packages lay down. */
export const kubeadm: Tree = {
  "usr/bin/kubelet": program,
  lib: { link: "usr/lib" },
  "usr/lib/systemd/system/kubelet.service":
    "[Unit]\nDescription=kubelet\n\n[Service]\nExecStart=/usr/bin/kubelet\nRestart=always\n",
  "usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf": ten,
  "var/lib/kubelet/kubeadm-flags.env":
    'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///var/run/containerd/containerd.sock --pod-infra-container-image=registry.k8s.io/pause:3.10"\n',
  "var/run": { link: "/run" },
  "var/lib/kubelet/config.yaml": `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    cacheTTL: 0s
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
kind: KubeletConfiguration
rotateCertificates: true
runtimeRequestTimeout: 0s
staticPodPath: /etc/kubernetes/manifests
`,
  "var/lib/kubelet/checkpoints": { folder: true, mode: 0o700 },
  "var/lib/kubelet/cpu_manager_state": '{"policyName":"none","checksum":1353318690}',
};

/** containerd as its own package lays it down, under a version 3 configuration. */
export const containerd: Tree = {
  "usr/bin/containerd": program,
  "etc/containerd/config.toml": `version = 3
imports = ["conf.d/*.toml"]
[plugins.'io.containerd.cri.v1.runtime']
  enable_criu = true
  [plugins.'io.containerd.cri.v1.runtime'.containerd]
    default_runtime_name = 'runc'
`,
};

/** A CRI-O node: its main file, a drop-in and its packages. */
export const crio: Tree = {
  "usr/bin/crio": program,
  "usr/bin/crun": program,
  "etc/crio/crio.conf": '[crio.runtime]\ndefault_runtime = "runc"\nenable_criu_support = false\n',
  "etc/crio/crio.conf.d/10-crio.conf":
    '[crio.image]\nsignature_policy = "/etc/crio/policy.json"\n[crio.runtime]\ndefault_runtime = "crun"\nenable_criu_support = true\n[crio.runtime.runtimes.crun]\nruntime_path = "/usr/libexec/crio/crun"\n',
};
