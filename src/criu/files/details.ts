import { signalSet } from "../process/signals.ts";
import type { Messages } from "../schema/types.ts";
import { showKernelDevice } from "./file-mode.ts";
import type { FileEntry } from "./file-table.ts";
import { epollFlags, fanotifyFlags, flagNames, inotifyFlags } from "./flags.ts";
import type { FileDetails, Watch } from "./open-file.ts";

/** What the entry of a file says that only its kind has, and that needs no other image. */
export function ownDetails({ entry }: FileEntry): FileDetails {
  const { efd, epfd, tfd, sgfd, ify, ffy, pidfd, tunf, nsf, bpf } = entry;
  // CRIU does not save whether it counts as a semaphore.
  if (efd !== undefined) return { eventfd: { count: efd.counter } };
  if (epfd !== undefined) return { epoll: { targets: epfd.tfd.map(epollTarget) } };
  if (tfd !== undefined) return { timer: timer(tfd) };
  if (sgfd !== undefined) return { signals: signalSet(sgfd.sigmask) };
  if (ify !== undefined) return { watches: ify.wd.map(inotifyWatch) };
  if (ffy !== undefined) return { watches: ffy.mark.map(fanotifyWatch) };
  if (pidfd !== undefined) return { pidfd: { pid: pidfd.nspid } };
  if (nsf !== undefined) return { namespace: { type: namespaceType(nsf.ns_cflag), id: nsf.ns_id } };
  if (bpf !== undefined) return { bpfMap: bpfMap(bpf) };
  if (tunf !== undefined) {
    const { netdev: device, detached, ns_id: namespaceId } = tunf;
    return { tun: { device, detached: detached === true, namespaceId } };
  }
  return {};
}

type Target = NonNullable<FileDetails["epoll"]>["targets"][number];

function epollTarget({ tfd: fd, events, data }: Messages["eventpoll_tfd_entry"]): Target {
  const names = flagNames(events, epollFlags);
  return { fd, events: names, data, kind: undefined, fileId: undefined };
}

const clocks: Record<number, string> = {
  0: "CLOCK_REALTIME",
  1: "CLOCK_MONOTONIC",
  7: "CLOCK_BOOTTIME",
  8: "CLOCK_REALTIME_ALARM",
  9: "CLOCK_BOOTTIME_ALARM",
};

function timer(entry: Messages["timerfd_entry"]): NonNullable<FileDetails["timer"]> {
  return {
    clock: clocks[entry.clockid] ?? `clock ${entry.clockid}`,
    remainingSeconds: seconds(entry.vsec, entry.vnsec),
    intervalSeconds: seconds(entry.isec, entry.insec),
    expirations: entry.ticks,
  };
}

function seconds(whole: bigint, nanoseconds: bigint): number {
  return Number(whole) + Number(nanoseconds) / 1e9;
}

function inotifyWatch(entry: Messages["inotify_wd_entry"]): Watch {
  return {
    wd: entry.wd,
    events: flagNames(entry.mask, inotifyFlags),
    ignored: flagNames(entry.ignored_mask, inotifyFlags),
    path: entry.f_handle.path,
    inode: entry.i_ino,
    device: showKernelDevice(entry.s_dev),
    mountId: undefined,
  };
}

function fanotifyWatch(entry: Messages["fanotify_mark_entry"]): Watch {
  return {
    wd: undefined,
    events: flagNames(entry.mask, fanotifyFlags),
    ignored: flagNames(entry.ignored_mask, fanotifyFlags),
    path: entry.me?.path ?? entry.ie?.f_handle.path,
    inode: entry.ie?.i_ino,
    device: showKernelDevice(entry.s_dev),
    mountId: entry.me?.mnt_id,
  };
}

const namespaces: Record<number, string> = {
  128: "time",
  131072: "mnt",
  33554432: "cgroup",
  67108864: "uts",
  134217728: "ipc",
  268435456: "user",
  536870912: "pid",
  1073741824: "net",
};

function namespaceType(cloneFlag: number): string {
  return namespaces[cloneFlag] ?? `type ${cloneFlag}`;
}

// `enum bpf_map_type` of the kernel, by its order.
const mapTypes = (
  "unspec hash array prog_array perf_event_array percpu_hash percpu_array stack_trace " +
  "cgroup_array lru_hash lru_percpu_hash lpm_trie array_of_maps hash_of_maps devmap sockmap " +
  "cpumap xskmap sockhash cgroup_storage reuseport_sockarray percpu_cgroup_storage queue stack " +
  "sk_storage devmap_hash struct_ops ringbuf inode_storage task_storage bloom_filter " +
  "user_ringbuf cgrp_storage arena"
).split(" ");

function bpfMap(entry: Messages["bpfmap_file_entry"]): NonNullable<FileDetails["bpfMap"]> {
  return {
    mapId: entry.map_id,
    type: mapTypes[entry.map_type] ?? `type ${entry.map_type}`,
    name: entry.map_name,
    keyBytes: entry.key_size,
    valueBytes: entry.value_size,
    maxEntries: entry.max_entries,
    frozen: entry.frozen,
  };
}
