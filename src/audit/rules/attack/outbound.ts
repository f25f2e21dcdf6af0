import {
  type Endpoint,
  isLoopback,
  matchesEndpoint,
  parseEndpoint,
} from "../../../checkpoint/needs/endpoints.ts";
import { type HeldSocket, readSockets } from "../../../checkpoint/needs/sockets.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Connections that the container opened to somebody else. */
export const outbound: Rule = {
  id: "attack/outbound",
  title: "Outbound connection",
  severity: "info",
  looksAt: "connected TCP and UDP sockets of files.img, against `expect.outbound` of the policy",
  why: "A reverse shell, a miner and stolen data all go out over a connection. Without a list in the policy every peer is told, and judged by nobody.",
  remedy:
    "Name the peers that the container needs in `expect.outbound` of the policy (`tcp/10.0.0.0/8:5432`), and hold it to them with a NetworkPolicy.",
  references: ["https://attack.mitre.org/techniques/T1071/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const expected = subject.policy.expect.outbound;
    const sockets = await readSockets(subject);
    const served = servedPorts(sockets);
    for (const { socket, holder, place } of sockets) {
      const peer = parseEndpoint(socket, socket.remote);
      const own = parseEndpoint(socket, socket.local);
      if (socket.kind !== "inet-socket" || peer === undefined || own === undefined) continue;
      if (served.has(portKey(own)) || socket.peerFileId !== undefined) continue;
      // What stays on the machine says nothing unless somebody wants to know.
      if (expected === null && isLoopback(peer)) continue;
      if (expected?.some((pattern) => matchesEndpoint(pattern, peer)) === true) continue;
      const where = `${peer.protocol} ${socket.remote}`;
      yield {
        message: `${holder} is connected to ${where}${expected === null ? "" : ", which the policy does not expect"}`,
        key: where,
        severity: expected === null ? "info" : "high",
        places: [place],
        facts: { protocol: peer.protocol, address: peer.address, port: peer.port },
      };
    }
  },
};

/** Ports that the container listens on: connections there were opened by the other side. */
function servedPorts(sockets: readonly HeldSocket[]): Set<string> {
  const ports = new Set<string>();
  for (const { socket } of sockets) {
    const own = parseEndpoint(socket, socket.local);
    if (socket.state === "listen" && own !== undefined) ports.add(portKey(own));
  }
  return ports;
}

function portKey({ protocol, port }: Endpoint): string {
  return `${protocol} ${port}`;
}
