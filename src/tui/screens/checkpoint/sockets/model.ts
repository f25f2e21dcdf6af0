import { formatBytes } from "../../../../base/units.ts";
import { protocol, socketName } from "../../../../report/socket-view.ts";
import type { ListModel } from "../../../state/list.ts";
import type { SocketRow } from "../../../state/rows.ts";
import { type Span, span } from "../../../view/line.ts";

function holder({ holders, holderCount }: SocketRow): string {
  const [first] = holders;
  if (first === undefined) return "–";
  return `${first.pid}/${first.fd}${holderCount > 1 ? ` +${holderCount - 1}` : ""}`;
}

/** The other end: its address, the descriptor that has it, or that it lies outside. */
export function remoteOf(
  row: Pick<SocketRow, "remote" | "peerHolder" | "peerInode" | "peerFileId" | "external">,
): string {
  const { remote, peerHolder } = row;
  const here = peerHolder === null ? "" : `pid ${peerHolder.pid} fd ${peerHolder.fd}`;
  if (remote !== null) return here === "" ? remote : `${remote} (${here})`;
  if (here !== "") return here;
  if (row.peerFileId !== null) return "no descriptor";
  return row.external || row.peerInode !== null ? "outside" : "";
}

function state({ state: word, shutdown }: SocketRow): Span[] {
  const text = shutdown === null ? word : `${word}, shut ${shutdown}`;
  return [word === "established" || word === "listen" ? { text } : span(text, "dim")];
}

const waiting = (bytes: number): string | Span[] =>
  bytes === 0 ? "" : [span(formatBytes(bytes), "accent")];

export const socketModel: ListModel<SocketRow> = {
  id: ({ kind, fileId }) => `${kind} ${fileId}`,
  text: (row) =>
    `${holder(row)} ${protocol(row)} ${row.state} ${socketName(row)} ${remoteOf(row)} ${row.inode ?? ""}`,
  columns: [
    {
      title: "PID/FD",
      cell: holder,
      sort: { key: "P", by: ({ holders }) => holders[0]?.pid ?? Number.MAX_SAFE_INTEGER },
    },
    { title: "PROTO", cell: protocol, sort: { key: "O", by: protocol } },
    { title: "STATE", cell: state, drop: 1, sort: { key: "S", by: (row) => row.state } },
    {
      title: "RECV",
      align: "right",
      cell: ({ receivedBytes }) => waiting(receivedBytes),
      drop: 2,
      sort: { key: "R", by: ({ receivedBytes }) => -receivedBytes },
    },
    {
      title: "SEND",
      align: "right",
      cell: ({ unsentBytes }) => waiting(unsentBytes),
      drop: 3,
      sort: { key: "D", by: ({ unsentBytes }) => -unsentBytes },
    },
    {
      title: "LOCAL",
      cell: socketName,
      flexible: true,
      least: 15,
      path: true,
      sort: { key: "L", by: socketName },
    },
    {
      title: "→ REMOTE",
      cell: (row) => {
        const text = remoteOf(row);
        return text === "" ? "" : `→ ${text}`;
      },
      flexible: true,
      least: 18,
      sort: { key: "E", by: remoteOf },
    },
    { title: "BACKLOG", align: "right", cell: ({ backlog }) => `${backlog ?? ""}`, wide: true },
    { title: "INODE", align: "right", cell: ({ inode }) => `${inode ?? ""}`, wide: true },
  ],
};
