import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { HuntPart } from "../state/audit-rows.ts";
import type { Waiting } from "./shared-jobs.ts";

/** Milliseconds between two parts that tell how far a search is. */
const partTime = 100;

/** Somebody who waits for a search, and is told how far it is now and then. */
export async function searching(
  checkpoint: Checkpoint,
  memory: boolean,
  { signal, part }: { signal: AbortSignal; part: (value: HuntPart<never>) => void },
): Promise<Waiting> {
  const images = memory ? await checkpoint.pageImages() : [];
  const total = images.reduce((sum, { bytes }) => sum + bytes, 0);
  let searched = 0;
  let told = Date.now();
  return {
    signal,
    progress: (bytes) => {
      searched += bytes;
      if (total === 0 || Date.now() - told < partTime) return;
      told = Date.now();
      // Files are looked through too, so more bytes may go by than memory has.
      part({ rows: null, memory, searched: Math.min(searched, total), total, problems: [] });
    },
  };
}
