import { type Fact, known, unknown } from "./facts.ts";
import type { Host } from "./host.ts";

/** Options of the kernel that CRIU's documentation names, and what each is for. */
export const criuOptions: Readonly<Record<string, { required: boolean; purpose: string }>> = {
  CHECKPOINT_RESTORE: { required: true, purpose: "all that CRIU reads of a process" },
  NAMESPACES: { required: true, purpose: "containers" },
  UTS_NS: { required: true, purpose: "host names of containers" },
  IPC_NS: { required: true, purpose: "shared memory of containers" },
  PID_NS: { required: true, purpose: "processes come back under their own pids" },
  NET_NS: { required: true, purpose: "networks of containers" },
  FHANDLE: { required: true, purpose: "inotify and open files by handle" },
  EVENTFD: { required: true, purpose: "event descriptors" },
  EPOLL: { required: true, purpose: "epoll descriptors" },
  UNIX_DIAG: { required: true, purpose: "Unix sockets" },
  INET_DIAG: { required: true, purpose: "TCP sockets" },
  INET_UDP_DIAG: { required: true, purpose: "UDP sockets" },
  PACKET_DIAG: { required: true, purpose: "packet sockets" },
  NETLINK_DIAG: { required: true, purpose: "netlink sockets" },
  INOTIFY_USER: { required: false, purpose: "inotify descriptors" },
  TUN: { required: false, purpose: "tun devices" },
  NETFILTER_XT_MARK: { required: false, purpose: "network lock through iptables" },
  MEM_SOFT_DIRTY: { required: false, purpose: "pre-dumps and dumps in steps" },
  USERFAULTFD: { required: false, purpose: "lazy restore" },
};

const configLimit = 4 * 1024 * 1024;
const others = ["SECCOMP_FILTER", "CGROUP_FREEZER"];

/**
 * What the kernel was built with, where it tells: `y`, `m`, or `n` where an option is not set.
 * @param release `uname -r`, which names the files beside the kernel.
 */
export async function kernelOptions(
  host: Host,
  release: string | null,
): Promise<Fact<Record<string, string>>> {
  const read = (await fromProc(host)) ?? fromFile(host, release);
  if (read === undefined) {
    return unknown("neither /proc/config.gz nor a configuration beside the kernel can be read");
  }
  const set = new Map<string, string>();
  for (const [, name, value] of read.text.matchAll(/^CONFIG_(\w+)=(.*)$/gm)) {
    set.set(name as string, value as string);
  }
  // Something else under that name would say that nothing is set.
  if (set.size < 100) return unknown(`${read.path} is no configuration of a kernel`);
  const names = [...Object.keys(criuOptions), ...others];
  return known(Object.fromEntries(names.map((name) => [name, set.get(name) ?? "n"])), read.path);
}

async function fromProc(host: Host): Promise<{ path: string; text: string } | undefined> {
  const path = "/proc/config.gz";
  const read = host.read(path);
  if (read.state !== "found") return undefined;
  const { gunzipSync } = await import("node:zlib");
  try {
    const text = gunzipSync(read.value, { maxOutputLength: configLimit }).toString("utf8");
    return { path, text };
  } catch {
    // Cut off, or no gzip at all: the files beside the kernel may still be there.
    return undefined;
  }
}

function fromFile(host: Host, release: string | null): { path: string; text: string } | undefined {
  if (release === null || !/^[\w.+~-]+$/.test(release)) return undefined;
  const paths = [
    `/boot/config-${release}`,
    `/usr/lib/modules/${release}/config`,
    `/lib/modules/${release}/config`,
  ];
  for (const path of paths) {
    const read = host.text(path, configLimit);
    if (read.state === "found") return { path, text: read.value };
  }
  return undefined;
}
