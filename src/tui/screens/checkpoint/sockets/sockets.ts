import { protocol, socketName } from "../../../../report/socket-view.ts";
import type { SocketRow } from "../../../state/rows.ts";
import { listTab, plainRows } from "../../list-tab.ts";
import type { SocketArgument } from "../../socket/socket.ts";
import type { TabArgument } from "../../tab.ts";
import { socketModel } from "./model.ts";

export const socketsTab = listTab<SocketRow, SocketRow, TabArgument>({
  name: "sockets",
  title: "Sockets",
  list: socketModel,
  question: ({ path }) => ({ of: "sockets", path }),
  items: (answer) => (answer.of === "sockets" ? answer.value : undefined),
  rows: plainRows,
  tree: false,
  empty: "no process has a socket",
  open: (row, { path }) => {
    const name = `${protocol(row)} ${socketName(row)}`;
    const argument: SocketArgument = { path, kind: row.kind, id: row.fileId, name };
    return [{ act: "push", screen: { kind: "socket", argument } }];
  },
});
