import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { Holder } from "../../criu/files/open-file.ts";
import type { Socket } from "../../criu/files/socket.ts";
import { type Change, compareLists, type Item, inOrder } from "./change.ts";
import { type Pairing, pidKey, type Side } from "./pairing.ts";

interface SocketId {
  family: string;
  type: string;
  protocol: string | null;
  local: string | null;
  remote: string | null;
}

/** What is compared of a socket. Null where it has no such thing. */
export interface SocketFacts {
  state: string;
  shutdown: string | null;
  backlog: number | null;
  /** Bytes that wait to be read, and to be sent. */
  receivedBytes: number;
  unsentBytes: number;
  deleted: boolean;
  external: boolean;
  /** Descriptors that name it, `PID/FD`. */
  holders: string[];
}

type SocketItem = Item<SocketId, SocketFacts>;
export type SocketChange = Change<SocketId, SocketFacts>;

/** Descriptors of one socket that are compared; a hostile one has a quarter of a million. */
const mostHolders = 64;

async function socketItems(
  checkpoint: Checkpoint,
  side: Side,
  pairing: Pick<Pairing, "reused" | "pid">,
): Promise<SocketItem[]> {
  const model = await checkpoint.files();
  const tables = new Set(
    model.tables
      .filter(({ pids }) => pairing.pid === undefined || pids.includes(pairing.pid))
      .map(({ id }) => id),
  );
  return model.sockets.flatMap((socket) => {
    const holders = model.find(socket.kind, socket.fileId)?.holders ?? [];
    if (pairing.pid !== undefined && !holders.some(({ tableId }) => tables.has(tableId))) return [];
    const { family, type, protocol, local, remote } = socket;
    return {
      key: key(socket, holders, side, pairing),
      id: {
        family,
        type,
        protocol: protocol ?? null,
        local: local ?? null,
        remote: remote ?? null,
      },
      facts: facts(socket, holders),
    };
  });
}

/** By its addresses where it has some; a nameless one by the first descriptor that names it. */
function key(
  socket: Socket,
  holders: readonly Holder[],
  side: Side,
  pairing: Pick<Pairing, "reused">,
): string {
  const { family, type, protocol = "", local = "", remote = "" } = socket;
  const words = [family, type, protocol, local, remote];
  const named = family === "netlink" || family === "packet" ? false : local !== "" || remote !== "";
  const first = holders[0];
  if (named || first === undefined) return JSON.stringify(words);
  return `${family} ${type} ${pidKey(pairing, side, first.pid)} ${first.fd}`;
}

function facts(socket: Socket, holders: readonly Holder[]): SocketFacts {
  const waiting = (name: string): number =>
    socket.queues.reduce((sum, queue) => sum + (queue.name === name ? queue.sizeBytes : 0), 0);
  return {
    state: socket.state,
    shutdown: socket.shutdown ?? null,
    backlog: socket.backlog ?? null,
    receivedBytes: waiting("received"),
    unsentBytes: waiting("unsent"),
    deleted: socket.deleted,
    external: socket.external,
    holders: holders
      .slice(0, mostHolders)
      .toSorted((a, b) => a.pid - b.pid || a.fd - b.fd)
      .map(({ pid, fd }) => `${pid}/${fd}`),
  };
}

function order(a: SocketId, b: SocketId): number {
  return (
    inOrder(a.family, b.family) ||
    inOrder(a.type, b.type) ||
    inOrder(a.protocol ?? "", b.protocol ?? "") ||
    inOrder(a.local ?? "", b.local ?? "") ||
    inOrder(a.remote ?? "", b.remote ?? "")
  );
}

export async function compareSockets(pairing: Pairing): Promise<SocketChange[]> {
  return compareLists(
    await socketItems(pairing.before, "before", pairing),
    await socketItems(pairing.after, "after", pairing),
    { order },
  );
}
