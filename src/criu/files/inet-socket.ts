import type { Place } from "../../base/errors.ts";
import { showEndpoint } from "../addresses.ts";
import { forEachEntry, type ReadContext } from "../entries.ts";
import type { Messages } from "../schema/types.ts";
import { oneChunk, type Queue } from "./queues.ts";
import { type Socket, shutdownOf, socketState, socketType } from "./socket.ts";
import { inetOptions } from "./socket-options.ts";

const protocols: Record<number, string> = {
  0: "ip",
  1: "icmp",
  2: "igmp",
  6: "tcp",
  17: "udp",
  33: "dccp",
  58: "icmpv6",
  132: "sctp",
  136: "udplite",
  255: "raw",
  262: "mptcp",
};

const families: Record<number, Socket["family"]> = { 2: "inet", 10: "inet6" };

/** Reads a socket of IPv4 or IPv6, and of TCP its stream. */
export async function inetSocket(
  context: ReadContext,
  entry: Messages["inet_sk_entry"],
  place: Place,
): Promise<Socket> {
  const family = families[entry.family] ?? `family-${entry.family}`;
  const tcp = entry.proto === 6;
  // Where others have a port the kernel keeps a raw socket's protocol.
  const raw = entry.type === 3;
  const zone = entry.ifname === "" ? undefined : entry.ifname;
  const endpoint = (words: readonly number[], port: number): string | undefined =>
    endpointOf(context, family, words, { port, raw }, zone, place);
  const unconnected = entry.dst_port === 0 && entry.dst_addr.every((word) => word === 0);
  const listening = entry.state === 10;
  const stream = tcp ? await readTcpStream(context, entry.ino) : { queues: [], options: {} };
  return {
    fileId: entry.id,
    kind: "inet-socket",
    family,
    type: socketType(entry.type),
    protocol: protocols[entry.proto] ?? `protocol ${entry.proto}`,
    state: socketState(entry.state, tcp),
    inode: entry.ino,
    local: endpoint(entry.src_addr, entry.src_port),
    remote: unconnected ? undefined : endpoint(entry.dst_addr, entry.dst_port),
    peerInode: undefined,
    peerFileId: undefined,
    external: false,
    backlog: listening ? entry.backlog : undefined,
    shutdown: shutdownOf(entry.shutdown),
    flags: entry.flags,
    options: { ...inetOptions(entry), ...stream.options },
    networkNamespaceId: entry.ns_id,
    mountId: undefined,
    mode: undefined,
    deleted: false,
    queues: stream.queues,
  };
}

function endpointOf(
  { problems }: ReadContext,
  family: Socket["family"],
  words: readonly number[],
  { port, raw }: { port: number; raw: boolean },
  zone: string | undefined,
  where: Place,
): string | undefined {
  const needed = family === "inet6" ? 4 : 1;
  // CRIU writes four words for IPv4 too in images of its first years.
  if (words.length >= needed && port <= 0xffff) {
    return showEndpoint(words.slice(0, needed), raw ? undefined : port, zone);
  }
  const message = `an ${family} address has ${words.length} words and port ${port}; allowed ${needed} and ports up to 65535`;
  problems.add({ severity: "error", code: "socket", message, where });
  return undefined;
}

/** What waits in a TCP connection, and its options: the image is named by the inode in hex. */
async function readTcpStream(
  context: ReadContext,
  inode: number,
): Promise<{ queues: Queue[]; options: Socket["options"] }> {
  const image = `tcp-stream-${inode.toString(16)}.img`;
  const queues: Queue[] = [];
  const options: Socket["options"] = {};
  await forEachEntry(context, image, "tcp_stream_entry", ({ entry, payload }) => {
    if (queues.length > 0 || payload === undefined) return;
    const { offset } = payload;
    const unsent = { offset: offset + entry.inq_len, length: entry.outq_len };
    queues.push(oneChunk(image, "received", { offset, length: entry.inq_len }));
    queues.push(oneChunk(image, "unsent", unsent));
    // CRIU before 4.0 kept these here alone.
    if (entry.cork === true) options["tcp_cork"] = true;
    if (entry.nodelay === true) options["tcp_nodelay"] = true;
  });
  return { queues, options };
}
