import { constants } from "node:fs";
import { access, lstat } from "node:fs/promises";
import type { CallBegun } from "../../state/cluster.ts";
import type { Handler } from "../handler.ts";
import { clock } from "./log-in.ts";
import { patienceOf, planWanted } from "./wanted.ts";

/** Makes one checkpoint. Whoever drops the question closes the connection to the kubelet. */
export const answerMake: Handler<"makeCheckpoint"> = async (wanted, services, { signal, part }) => {
  const patience = patienceOf(wanted);
  part({ state: "finding" });
  const { place, make, urls } = await planWanted(wanted, services, signal);
  // Whoever leaves before the call leaves the container untouched.
  signal.throwIfAborted();
  let begun: CallBegun = {
    target: place.target,
    node: place.node ?? null,
    kubeletVersion: place.kubeletVersion ?? null,
    urls: urls(patience.timeout),
    startedAt: clock.now(),
    deadline: patience.deadline,
    turned: null,
  };
  part({ state: "asked", ...begun });
  const { paths, route } = await make({
    patience,
    clock,
    interrupted: signal,
    turned: (_place, from, to) => {
      // The new way has the whole time again.
      begun = { ...begun, startedAt: clock.now(), turned: { why: from.detail.what, to } };
      part({ state: "asked", ...begun });
    },
  });
  const here = await readableHere(paths[0], begun.startedAt);
  return { state: "made", ...begun, paths, route, endedAt: clock.now(), here };
};

/** Clocks of file systems are coarse, and may lag. */
const slack = 5000;

/**
 * The archive, where this machine is the node: a file of that name that was written meanwhile and
 * that we may read.
 */
async function readableHere(path: string | undefined, since: number): Promise<string | null> {
  if (path === undefined) return null;
  try {
    const stats = await lstat(path);
    await access(path, constants.R_OK);
    return stats.isFile() && stats.mtimeMs >= since - slack ? path : null;
  } catch {
    // It lies on another machine, or is not for us.
    return null;
  }
}
