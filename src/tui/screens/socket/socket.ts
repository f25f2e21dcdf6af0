import { exactBytes } from "../../../base/units.ts";
import { protocol } from "../../../report/socket-view.ts";
import type { SocketFacts } from "../../state/rows.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import { type Line, line, span } from "../../view/line.ts";
import { remoteOf } from "../checkpoint/sockets/model.ts";
import { factFields } from "../facts.ts";
import { linesScreen } from "../lines-screen.ts";
import { queueLines } from "../queues.ts";

export interface SocketArgument {
  path: string;
  kind: string;
  id: number;
  name: string;
}

type Socket = SocketFacts["socket"];

const mostHolders = 100;

function identity(socket: Socket): Field[] {
  const { holders, receivedBytes, unsentBytes } = socket;
  const shown = holders.slice(0, mostHolders).map(({ pid, fd }) => `pid ${pid} fd ${fd}`);
  const more = holders.length > mostHolders ? ` and ${holders.length - mostHolders} more` : "";
  return [
    ["protocol", protocol(socket)],
    ["state", socket.state],
    ["local", socket.local],
    ["remote", remoteOf(socket) || null],
    ["held by", shown.length === 0 ? "nobody" : shown.join(", ") + more],
    ["received", receivedBytes === 0 ? null : `${exactBytes(receivedBytes)} that nobody has read`],
    ["unsent", unsentBytes === 0 ? null : `${exactBytes(unsentBytes)} that were on their way`],
    ["backlog", socket.backlog === null ? null : `${socket.backlog}`],
    ["shut down", socket.shutdown],
    ["inode", socket.inode === null ? null : `${socket.inode}`],
    ["peer inode", socket.peerInode === null ? null : `${socket.peerInode}`],
    ["outside", socket.external ? "bound to something outside, or talks to it" : null],
    ["flags", socket.flags.length === 0 ? null : socket.flags.join(", ")],
    [
      "network namespace",
      socket.networkNamespaceId === null ? null : `${socket.networkNamespaceId}`,
    ],
    ["mount", socket.mountId === null ? null : `${socket.mountId}`],
    ["mode", socket.mode],
    ["deleted", socket.deleted ? "! its path was deleted" : null, "warning"],
    ["number", `${socket.kind} ${socket.fileId}`],
  ];
}

function socketLines({ socket, queues }: SocketFacts, columns: number): Line[] {
  return [
    ...fieldSection("Socket", identity(socket), columns),
    ...fieldSection("Options", factFields(socket.options), columns),
    ...queueLines(queues, columns),
  ];
}

/** One socket in full. What waits in its queues is memory: shown only where secrets are. */
export const socketScreen = linesScreen<SocketArgument, SocketFacts>({
  crumb: ({ kind, id }) => `${kind} ${id}`,
  question: ({ path, kind, id }, reveal) => ({ of: "socket", path, kind, id, reveal }),
  value: (answer) => (answer.of === "socket" ? answer.value : undefined),
  title: ({ name }, value) =>
    line(span(name, "strong"), span(value === undefined ? "" : `   ${value.socket.state}`, "dim")),
  lines: socketLines,
});
