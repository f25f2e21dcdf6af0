import { statfs } from "node:fs/promises";
import { findArchives } from "../../checkpoint/find-archives.ts";
import { type Summary, summarize } from "../../checkpoint/summary.ts";
import type { Listing } from "../state/questions.ts";
import type { Handler, Services } from "./handler.ts";
import { stampOf } from "./open-checkpoints.ts";

/** Archives read between two parts of an answer. */
const partSize = 16;

/**
 * Lists the archives of a folder. One that has not changed since it was last summed up is not
 * opened again, so that a folder can be looked at every few seconds.
 */
export const answerListing: Handler<"listing"> = async ({ path }, services, { signal, part }) => {
  const paths = await findArchives([path]);
  const space = await spaceOf(path);
  const items: Summary[] = [];
  const listing = (): Listing => ({
    items: [...items],
    usedBytes: items.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
    ...space,
  });
  let read = 0;
  for (const archive of paths) {
    signal.throwIfAborted();
    const { summary, known } = await summaryOf(archive, services);
    if (summary === undefined) continue;
    items.push(summary);
    read += known ? 0 : 1;
    if (!known && read % partSize === 0) part(listing());
  }
  return listing();
};

async function summaryOf(
  path: string,
  { options, summaries }: Services,
): Promise<{ summary: Summary | undefined; known: boolean }> {
  const stamp = await stampOf(path);
  // It vanished between the listing of the folder and now.
  if (stamp === undefined) return { summary: undefined, known: true };
  const known = summaries.get(path);
  if (known?.stamp === stamp) return { summary: known.summary, known: true };
  const summary = await summarize(path, options);
  summaries.set(path, { stamp, summary });
  return { summary, known: false };
}

async function spaceOf(path: string): Promise<Pick<Listing, "freeBytes" | "totalBytes">> {
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    // Some file systems do not say; the list is as good without it.
    return { freeBytes: null, totalBytes: null };
  }
}
