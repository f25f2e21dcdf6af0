import { criuOption } from "../../../checkpoint/needs/criu-option.ts";
import { type HeldSocket, isConnection, readSockets } from "../../../checkpoint/needs/sockets.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Connections, which a restore without options refuses. */
export const tcpConnections: Rule = {
  id: "restore/tcp-connections",
  title: "Open TCP connections",
  severity: "medium",
  looksAt: "states of TCP sockets in files.img, tcp_close of inventory.img",
  why: "CRIU restores a connection only where it is told to (`Connected TCP socket in image`), and only with the same address and, where the peer is outside, while the peer still waits.",
  remedy:
    "Restore with CRIU's option `tcp-established` (Podman: `--tcp-established`), or `tcp-close` to drop connections. Programs that connect again by themselves lose nothing by the second.",
  references: ["https://criu.org/TCP_connection"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const inventory = await subject.checkpoint.inventory();
    const sockets = (await readSockets(subject)).filter(({ socket }) => isConnection(socket));
    // Without them there is nothing to close, and CRIU wants the option all the same.
    if (inventory?.tcpClose === true) {
      yield {
        message:
          "the dump was made with tcp-close, and CRIU restores it only so (`Need to set the --tcp-close options`)",
        key: "tcp-close",
        remedy: `To restore it, ${await criuOption(subject, "tcp-close")}.`,
        places: [{ member: subject.checkpoint.images?.label("inventory.img") ?? "inventory.img" }],
        facts: { option: "tcp-close" },
      };
      return;
    }
    const outer = sockets.filter(({ socket }) => socket.peerFileId === undefined);
    const inner = sockets.filter(({ socket }) => socket.peerFileId !== undefined);
    if (outer.length > 0) yield await sighting(subject, outer, "with peers outside the container");
    if (inner.length > 0) yield await sighting(subject, inner, "inside the container");
  },
};

async function sighting(
  subject: Subject,
  sockets: readonly HeldSocket[],
  where: string,
): Promise<Sighting> {
  const [first] = sockets;
  const example = `${first?.socket.local} to ${first?.socket.remote}`;
  const count =
    sockets.length === 1
      ? "1 end of a TCP connection"
      : `${sockets.length} ends of TCP connections`;
  return {
    message: `${count} ${where}, such as ${example}: CRIU says \`Connected TCP socket in image\` unless it is told what to do with them`,
    key: where,
    remedy: `To keep them, ${await criuOption(subject, "tcp-established")}; to drop them, \`tcp-close\` instead.`,
    places: sockets.slice(0, 100).map(({ place }) => place),
    facts: { connections: sockets.length, option: "tcp-established" },
  };
}
