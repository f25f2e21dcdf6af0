import { sanitize } from "../../../base/text.ts";
import { listSockets } from "../../../checkpoint/socket-list.ts";
import { quietSockets, renderSockets } from "../../../report/socket-view.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";

export interface SocketsCommandOptions extends CommonOptions {
  pid?: number;
}

export async function runSockets(
  path: string,
  options: SocketsCommandOptions,
  io: Io,
): Promise<number> {
  const checkpoint = await openTarget(path, options, io);
  try {
    const list = await listSockets(checkpoint, {
      reveal: options.reveal === true,
      ...(options.pid === undefined ? {} : { pid: options.pid }),
    });
    await printResult(
      list,
      (table) => (options.quiet === true ? quietSockets(list) : renderSockets(list, table)),
      options,
      io,
    );
    const forPeople = options.output === "table" || options.output === "wide";
    if (list.items.length === 0 && forPeople && options.quiet !== true) {
      await io.err.write(`No sockets in ${sanitize(path)}\n`);
    }
    return await verdict(list.problems, io);
  } finally {
    await checkpoint.close();
  }
}
