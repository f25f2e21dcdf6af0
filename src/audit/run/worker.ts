// The script of a thread that audits archives (see pool.ts).
import { parentPort, workerData } from "node:worker_threads";
import { type ArchiveAuditOptions, auditArchive } from "../audit-archive.ts";
import type { Answered, Asked } from "./pool.ts";

const options = workerData as ArchiveAuditOptions;

async function answer({ index, path }: Asked): Promise<void> {
  let answered: Answered;
  try {
    answered = { index, audit: await auditArchive(path, options) };
  } catch (error) {
    answered = { index, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(answered);
}

// Ready for the first.
parentPort?.postMessage(undefined);
// One after the other, in the order in which they were asked.
let before = Promise.resolve();
parentPort?.on("message", (asked: Asked) => {
  before = before.then(() => answer(asked));
});
