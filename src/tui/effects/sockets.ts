import { describeSocket, listSockets } from "../../checkpoint/socket-list.ts";
import type { SocketRow } from "../state/rows.ts";
import type { Handler } from "./handler.ts";
import { inParts } from "./in-parts.ts";
import { queueFacts } from "./queue-facts.ts";

/** Holders that a row names. A hostile socket has a hundred thousand. */
const mostHolders = 4;

export const answerSockets: Handler<"sockets"> = async ({ path }, services, call) => {
  const list = await listSockets(await services.checkpoints.get(path));
  const rows = list.items.map(
    ({ queues: _queues, options: _options, flags: _flags, holders, ...row }): SocketRow => ({
      ...row,
      holders: holders.slice(0, mostHolders),
      holderCount: holders.length,
    }),
  );
  return inParts(rows, list.problems, call);
};

export const answerSocket: Handler<"socket"> = async (
  { path, kind, id, reveal },
  { checkpoints },
) => {
  const { queues, ...socket } = await describeSocket(
    await checkpoints.get(path),
    { kind, fileId: id },
    {
      reveal,
    },
  );
  return { socket, queues: queueFacts(queues) };
};
