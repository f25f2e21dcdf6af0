import { sanitize } from "../base/text.ts";
import type { SocketItem, SocketList } from "../checkpoint/socket-list.ts";
import { renderQueues, waiting } from "./queue-view.ts";
import { indent, narrower, renderSections } from "./sections.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

/** Renders sockets, each with the first descriptor that names it; nothing where there is none. */
export function renderSockets(list: SocketList, options: TableOptions): string {
  const queues = list.items.flatMap((socket) =>
    socket.queues.map((queue) => ({ owner: `${holder(socket)} ${protocol(socket)}`, queue })),
  );
  const body = indent(renderQueues(queues, narrower(options)));
  const rest = renderSections([{ title: "Waiting bytes", body }], list.problems, options);
  const table = list.items.length === 0 ? "" : renderTable(list.items, columns, options);
  return table + (table === "" || rest === "" ? "" : "\n") + rest;
}

/** Lines of `-q`: each address or inode. */
export function quietSockets({ items }: SocketList): string {
  return items.map((socket) => `${sanitize(socketName(socket))}\n`).join("");
}

/** Its own address, or the inode by which it is known. */
export function socketName({
  local,
  inode,
  fileId,
}: Pick<SocketItem, "local" | "inode" | "fileId">): string {
  return local ?? (inode === null ? `file ${fileId}` : `socket:[${inode}]`);
}

/** `tcp`, `tcp6` as `ss` writes it, `unix stream`, `netlink`. */
export function protocol({
  family,
  type,
  protocol: name,
}: Pick<SocketItem, "family" | "type" | "protocol">): string {
  if (family === "inet") return name ?? type;
  // `ss` marks IPv6 in the same way.
  if (family === "inet6") return name === "icmpv6" ? name : `${name ?? type}6`;
  return family === "unix" ? `unix ${type}` : family;
}

function holder({ holders }: SocketItem): string {
  const first = holders[0];
  if (first === undefined) return "–";
  const more = holders.length > 1 ? ` +${holders.length - 1}` : "";
  return `${first.pid}/${first.fd}${more}`;
}

function peer({ peerHolder, peerInode, peerFileId, external }: SocketItem): string {
  if (peerHolder !== null) return `${peerHolder.pid}/${peerHolder.fd}`;
  if (peerFileId !== null) return "no descriptor";
  return external || peerInode !== null ? "outside" : "";
}

const columns: Column<SocketItem>[] = [
  { title: "PID/FD", cell: holder },
  { title: "PROTO", cell: protocol },
  {
    title: "STATE",
    cell: ({ state, shutdown, deleted }) =>
      [
        state,
        ...(shutdown === null ? [] : [`shut ${shutdown}`]),
        ...(deleted ? ["deleted"] : []),
      ].join(", "),
  },
  { title: "RECV", align: "right", cell: ({ queues }) => waiting(queues, "received") },
  { title: "SEND", align: "right", cell: ({ queues }) => waiting(queues, "unsent") },
  { title: "LOCAL", cell: socketName, flexible: "middle" },
  { title: "REMOTE", cell: ({ remote }) => remote ?? "", flexible: "middle" },
  { title: "PEER", cell: peer },
  { title: "BACKLOG", align: "right", wide: true, cell: ({ backlog }) => `${backlog ?? ""}` },
  { title: "INODE", align: "right", wide: true, cell: ({ inode }) => `${inode ?? ""}` },
  {
    title: "OPTIONS",
    wide: true,
    cell: ({ options }) =>
      Object.entries(options)
        .map(([name, value]) => (value === true ? name : `${name}=${value}`))
        .join(","),
  },
];
