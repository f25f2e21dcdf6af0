import { readSockets, unsupportedProtocol } from "../../../checkpoint/needs/sockets.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Sockets of protocols that CRIU cannot make again. */
export const unsupportedSocket: Rule = {
  id: "restore/unsupported-socket",
  title: "Socket that CRIU does not know",
  severity: "high",
  looksAt: "protocols of inet sockets in files.img",
  why: "CRIU knows TCP, UDP, UDP-Lite and raw sockets. MPTCP, which Go listens with since 1.24, ping sockets, SCTP and DCCP end with `Unsupported proto`.",
  remedy: "Start Go programs with `GODEBUG=multipathtcp=0`, end ping, and checkpoint again.",
  references: ["https://github.com/checkpoint-restore/criu/issues/2655"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const { socket, holder, place } of await readSockets(subject)) {
      const kind = unsupportedProtocol(socket);
      if (kind === undefined) continue;
      yield {
        message: `${holder} has ${kind} at ${socket.local ?? "no address"}: CRIU says \`Unsupported proto\``,
        key: kind,
        places: [place],
        facts: { protocol: socket.protocol ?? "" },
      };
    }
  },
};
