import { type HeldSocket, readSockets } from "../../../checkpoint/needs/sockets.ts";
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
    for (const held of await readSockets(subject)) {
      const { socket, holder, place } = held;
      const kind = unsupported(held);
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

const known = new Set(["tcp", "udp", "udplite", "ip"]);

function unsupported({ socket }: HeldSocket): string | undefined {
  const { kind, type, protocol } = socket;
  if (kind !== "inet-socket" || type === "raw" || protocol === undefined) return undefined;
  if (known.has(protocol)) return undefined;
  return protocol.startsWith("icmp") ? "a ping socket" : `a socket of ${protocol}`;
}
