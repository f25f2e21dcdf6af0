import type { Socket } from "../../criu/files/socket.ts";
import type { Asked, FactPlace } from "./asked.ts";
import { taskName } from "./tasks.ts";

/** A socket with who holds it. */
export interface HeldSocket {
  socket: Socket;
  /** `nginx (pid 7)`, or `a process`. */
  holder: string;
  place: FactPlace;
}

/** All sockets of the dump. */
export function readSockets(asked: Asked): Promise<HeldSocket[]> {
  return asked.once("sockets", async () => {
    const model = await asked.checkpoint.files();
    const processes = await asked.checkpoint.processes();
    const names = new Map(processes.map((process) => [process.pid, taskName(process)]));
    return model.sockets.map((socket) => {
      const file = model.find(socket.kind, socket.fileId);
      const holder = file?.holders[0];
      const at = holder === undefined ? {} : { pid: holder.pid, fd: holder.fd };
      return {
        socket,
        holder: (holder && names.get(holder.pid)) ?? "a process",
        place: { ...file?.place, ...at },
      };
    });
  });
}

/** States in which a TCP socket has a connection that CRIU saves. */
const connected = new Set(
  "established fin-wait-1 fin-wait-2 close-wait last-ack closing syn-sent syn-recv".split(" "),
);

/** Is it an end of a TCP connection? */
export function isConnection({ protocol, state, remote }: Socket): boolean {
  return protocol === "tcp" && connected.has(state) && remote !== undefined;
}

const known = new Set(["tcp", "udp", "udplite", "ip"]);

/** A protocol that CRIU cannot make again, for people; undefined where it can. */
export function unsupportedProtocol({ kind, type, protocol }: Socket): string | undefined {
  if (kind !== "inet-socket" || type === "raw" || protocol === undefined) return undefined;
  if (known.has(protocol)) return undefined;
  return protocol.startsWith("icmp") ? "a ping socket" : `a socket of ${protocol}`;
}

/** Unix sockets whose other end is outside, but for those that the runtime gives anew. */
export async function readExternalSockets(asked: Asked): Promise<HeldSocket[]> {
  const { files, standardDescriptors } = await asked.checkpoint.files();
  // Descriptors 0 to 2.
  const given = new Set(standardDescriptors);
  const outside = new Set(files.flatMap((it) => (it.external ? (it.details.socket ?? []) : [])));
  return (await readSockets(asked)).filter(
    ({ socket }) =>
      socket.kind === "unix-socket" &&
      outside.has(socket) &&
      !(socket.inode !== undefined && given.has(`socket:[${socket.inode}]`)),
  );
}
