import { criuOption } from "../../../checkpoint/needs/criu-option.ts";
import { readExternalSockets } from "../../../checkpoint/needs/sockets.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Unix sockets whose other end is outside. */
export const externalSocket: Rule = {
  id: "restore/external-socket",
  title: "Unix socket leads out of the container",
  severity: "high",
  looksAt: "unix sockets of files.img whose peer is not in the dump; descriptors.json",
  why: "The other end of such a socket is a program of the node or of another container, which no restore brings back. CRIU refuses streams, and datagram sockets without `ext-unix-sk`.",
  remedy:
    "End the client, or unmount the socket (nscd, X11, a container engine's) before the checkpoint.",
  references: ["https://criu.org/External_UNIX_socket"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const { socket, holder, place } of await readExternalSockets(subject)) {
      const datagram = socket.type === "dgram";
      const name = socket.remote ?? socket.local ?? "a socket without a name";
      yield {
        message: `${holder} has a unix ${socket.type} socket to somebody outside (${name}): CRIU says \`External socket is used\``,
        key: `${socket.type} ${name}`,
        severity: datagram ? "medium" : "high",
        ...(datagram
          ? { remedy: `To leave it to CRIU, ${await criuOption(subject, "ext-unix-sk")}.` }
          : {}),
        places: [place],
        facts: { name, type: socket.type },
      };
    }
  },
};
