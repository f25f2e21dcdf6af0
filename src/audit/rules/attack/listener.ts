import { isLoopback, matchesEndpoint, parseEndpoint } from "../../../checkpoint/needs/endpoints.ts";
import { type HeldSocket, readSockets } from "../../../checkpoint/needs/sockets.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Where anybody may connect to, or send to. */
export const listener: Rule = {
  id: "attack/listener",
  title: "Listener",
  severity: "info",
  looksAt:
    "listening TCP and bound UDP sockets of files.img, against `expect.listeners` of the policy",
  why: "A port that nobody expects to be open is a back door or a tool that was left running. Without a list in the policy every listener is told, and judged by nobody.",
  remedy:
    "Name the ports that the container serves in `expect.listeners` of the policy (`tcp/8080`); find out which process opened the others.",
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const expected = subject.policy.expect.listeners;
    for (const held of await readSockets(subject)) {
      const { socket, holder, place } = held;
      const endpoint = parseEndpoint(socket, socket.local);
      if (endpoint === undefined || !listens(held) || endpoint.port === 0) continue;
      if (expected?.some((pattern) => matchesEndpoint(pattern, endpoint)) === true) continue;
      const where = `${endpoint.protocol} ${socket.local}`;
      yield {
        message: `${holder} listens on ${where}${expected === null ? "" : ", which the policy does not expect"}`,
        key: where,
        severity: expected === null || isLoopback(endpoint) ? "info" : "high",
        places: [place],
        facts: { protocol: endpoint.protocol, address: endpoint.address, port: endpoint.port },
      };
    }
  },
};

function listens({ socket: { kind, state, protocol, remote } }: HeldSocket): boolean {
  if (kind !== "inet-socket") return false;
  return state === "listen" || (protocol !== "tcp" && remote === undefined);
}
