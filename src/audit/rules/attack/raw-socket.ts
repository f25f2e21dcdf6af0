import { type HeldSocket, readSockets } from "../../../checkpoint/needs/sockets.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Sockets that see more than what is sent to them. */
export const rawSocket: Rule = {
  id: "attack/raw-socket",
  title: "Raw or packet socket",
  severity: "medium",
  looksAt: "packet sockets and raw inet sockets of files.img",
  why: "A packet socket listens in on all that goes over an interface, a raw one forges what it sends: sniffers, scanners and spoofers have them, and few other programs.",
  remedy: "Drop CAP_NET_RAW, and find out which program opened it.",
  references: ["https://attack.mitre.org/techniques/T1040/"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    for (const held of await readSockets(subject)) {
      const { socket, holder, place } = held;
      const packet = socket.kind === "packet-socket";
      if (!packet && !(socket.kind === "inet-socket" && socket.type === "raw")) continue;
      const promiscuous = takesAll(held);
      const what = packet ? "a packet socket" : "a raw socket";
      const where = packet ? socket.local : `${socket.protocol} ${socket.local}`;
      yield {
        message: `${holder} has ${what} (${where})${promiscuous ? ", in promiscuous mode" : ""}`,
        key: `${socket.kind} ${where}`,
        severity: promiscuous ? "high" : "medium",
        places: [place],
        facts: { protocol: socket.protocol ?? "", promiscuous },
      };
    }
  },
};

function takesAll({ socket }: HeldSocket): boolean {
  const members = socket.options["packet_membership"];
  return typeof members === "string" && members.includes("promiscuous");
}
