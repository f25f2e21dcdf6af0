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
