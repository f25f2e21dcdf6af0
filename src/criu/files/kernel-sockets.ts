import type { Messages } from "../schema/types.ts";
import { type Socket, socketState } from "./socket.ts";
import { socketOptions } from "./socket-options.ts";

const netlinkProtocols: Record<number, string> = {
  0: "route",
  2: "usersock",
  3: "firewall",
  4: "sock-diag",
  5: "nflog",
  6: "xfrm",
  7: "selinux",
  8: "iscsi",
  9: "audit",
  10: "fib-lookup",
  11: "connector",
  12: "netfilter",
  15: "kobject-uevent",
  16: "generic",
  18: "scsi-transport",
  19: "ecryptfs",
  20: "rdma",
  21: "crypto",
  22: "smc",
};

/** A netlink socket: a line to the kernel, or to another one's port. */
export function netlinkSocket(entry: Messages["netlink_sk_entry"]): Socket {
  const protocol = netlinkProtocols[entry.protocol] ?? `protocol ${entry.protocol}`;
  const connected = entry.dst_portid !== 0 || entry.dst_group !== 0;
  const socket: Socket = {
    ...kernelSocket(entry),
    kind: "netlink-socket",
    family: "netlink",
    // CRIU saves only raw ones, and does not write the type.
    type: "raw",
    protocol,
    state: socketState(entry.state, false),
    inode: entry.ino,
    local: `${protocol}:${entry.portid}`,
    remote: connected ? `${protocol}:${entry.dst_portid}` : undefined,
  };
  const groups = groupNumbers(entry.groups);
  if (groups !== "") socket.options["netlink_groups"] = groups;
  return socket;
}

/** Numbers of multicast groups, which are counted from 1. */
function groupNumbers(words: readonly number[]): string {
  const numbers: number[] = [];
  for (const [at, word] of words.slice(0, 64).entries()) {
    for (let bit = 0; bit < 32; bit++) {
      if (((word >>> bit) & 1) === 1) numbers.push(at * 32 + bit + 1);
    }
  }
  return numbers.join(",");
}

/** What netlink and packet sockets have in common. */
export function kernelSocket(
  entry: Pick<Messages["packet_sock_entry"], "id" | "flags" | "opts" | "ns_id">,
): Omit<Socket, "kind" | "family" | "type" | "protocol" | "state" | "inode" | "local" | "remote"> {
  return {
    fileId: entry.id,
    peerInode: undefined,
    peerFileId: undefined,
    external: false,
    backlog: undefined,
    shutdown: undefined,
    flags: entry.flags,
    options: socketOptions(entry.opts),
    networkNamespaceId: entry.ns_id,
    mountId: undefined,
    mode: undefined,
    deleted: false,
    queues: [],
  };
}
