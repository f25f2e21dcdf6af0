import { hex } from "../../base/u64.ts";
import type { Messages } from "../schema/types.ts";
import type { Interfaces } from "./interfaces.ts";
import { kernelSocket } from "./kernel-sockets.ts";
import { type Socket, type SocketOption, socketType } from "./socket.ts";

const etherTypes: Record<number, string> = {
  3: "all",
  2048: "ip",
  2054: "arp",
  33024: "vlan",
  34525: "ipv6",
  35020: "lldp",
};

/** A packet socket: all that goes over an interface. */
export function packetSocket(entry: Messages["packet_sock_entry"], interfaces: Interfaces): Socket {
  // As `socket(2)` takes it: in network order, on a machine whose own is the other one.
  const number = ((entry.protocol & 0xff) << 8) | ((entry.protocol >>> 8) & 0xff);
  const protocol = etherTypes[number] ?? hex(number);
  const on = entry.ifindex === 0 ? "*" : interfaces.name(entry.ns_id, entry.ifindex);
  const socket: Socket = {
    ...kernelSocket(entry),
    kind: "packet-socket",
    family: "packet",
    type: socketType(entry.type),
    protocol,
    state: "unconnected",
    inode: undefined,
    local: `${protocol}:${on}`,
    remote: undefined,
  };
  Object.assign(socket.options, packetOptions(entry, interfaces));
  return socket;
}

const versions: Record<number, string> = { 0: "TPACKET_V1", 1: "TPACKET_V2", 2: "TPACKET_V3" };
const memberships: Record<number, string> = {
  0: "multicast",
  1: "promiscuous",
  2: "all-multicast",
  3: "unicast",
};
/** `PACKET_FANOUT_…`, in the order of their numbers. */
const fanouts = ["hash", "lb", "cpu", "rollover", "rnd", "qm", "cbpf", "ebpf"];

/** Options of `packet(7)` that are set. */
function packetOptions(
  entry: Messages["packet_sock_entry"],
  interfaces: Interfaces,
): Record<string, SocketOption> {
  const options: Record<string, SocketOption> = {};
  const add = (name: string, value: SocketOption | undefined): void => {
    if (value !== undefined && value !== 0 && value !== false && value !== "") {
      options[name] = value;
    }
  };
  const { version, fanout, rx_ring: received, tx_ring: sent } = entry;
  if (version !== 0) add("packet_version", versions[version] ?? version);
  add("packet_reserve", entry.reserve);
  add("packet_auxdata", entry.aux_data);
  add("packet_origdev", entry.orig_dev);
  add("packet_vnet_hdr", entry.vnet_hdr);
  add("packet_loss", entry.loss);
  add("packet_timestamp", entry.timestamp);
  add("packet_copy_thresh", entry.copy_thresh);
  const members = entry.mclist.slice(0, mostMembers).map(({ index, type }) => {
    return `${memberships[type] ?? `type-${type}`}@${interfaces.name(entry.ns_id, index)}`;
  });
  add("packet_membership", members.join("+"));
  if (fanout !== undefined && fanout !== 0xffffffff) add("packet_fanout", fanoutText(fanout));
  if (received !== undefined) add("packet_rx_ring", ringText(received));
  if (sent !== undefined) add("packet_tx_ring", ringText(sent));
  return options;
}

/** More than any program joins; a hostile one has a million. */
const mostMembers = 16;

/** `cpu:0xabc`: how packets are spread, and the number of the group. */
function fanoutText(fanout: number): string {
  const type = (fanout >>> 16) & 0xff;
  return `${fanouts[type] ?? `type-${type}`}:${hex(fanout & 0xffff)}`;
}

/** `4x4096`: blocks and their size in bytes. */
function ringText({ block_nr: count, block_size: size }: Messages["packet_ring"]): string {
  return `${count}x${size}`;
}
