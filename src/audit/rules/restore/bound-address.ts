import { criuOption } from "../../../checkpoint/needs/criu-option.ts";
import { isLoopback, isWildcard, parseEndpoint } from "../../../checkpoint/needs/endpoints.ts";
import { readSockets } from "../../../checkpoint/needs/sockets.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Addresses that the container has to have again. */
export const boundAddress: Rule = {
  id: "restore/bound-address",
  title: "Bound to the pod's own address",
  severity: "medium",
  looksAt: "local addresses of inet sockets in files.img",
  why: "A restored pod gets another address. A socket that is bound to the old one cannot be: `Can't bind inet socket back: Cannot assign requested address`.",
  remedy:
    "Let the program listen on all addresses (0.0.0.0 or ::), restore it with the same address, or drop connections by CRIU's `tcp-close`.",
  references: ["https://github.com/checkpoint-restore/criu/issues/1784"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const { socket, holder, place } of await readSockets(subject)) {
      const own = parseEndpoint(socket, socket.local);
      if (socket.kind !== "inet-socket" || own === undefined) continue;
      if (isLoopback(own) || isWildcard(own)) continue;
      const connection = socket.remote !== undefined && socket.protocol === "tcp";
      yield {
        message: `${holder} has a ${socket.protocol} socket at ${own.address}: CRIU says \`Can't bind inet socket\` where the container has another address`,
        key: own.address,
        ...(connection
          ? { remedy: `Keep the address, or ${await criuOption(subject, "tcp-close")}.` }
          : {}),
        places: [place],
        facts: { address: own.address },
      };
    }
  },
};
