import type { Socket } from "../../criu/files/socket.ts";
import type { FindingPlace } from "../finding.ts";
import type { Subject } from "../subject.ts";
import { taskName } from "./tasks.ts";

/** A socket with who holds it. */
export interface HeldSocket {
  socket: Socket;
  /** `nginx (pid 7)`, or `a process`. */
  holder: string;
  place: FindingPlace;
}

/** All sockets of the dump. */
export function readSockets(subject: Subject): Promise<HeldSocket[]> {
  return subject.once("sockets", async () => {
    const model = await subject.checkpoint.files();
    const processes = await subject.checkpoint.processes();
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
