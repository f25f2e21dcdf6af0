import type { DiffPart } from "../state/audit-rows.ts";
import type { Handler } from "./handler.ts";

/** Milliseconds between two parts that tell how far the comparison is. */
const partTime = 100;

/** What differs between two checkpoints; the bytes of their pages only where that is asked for. */
export const answerDiff: Handler<"diff"> = async (
  { before, after, pages, reveal, now },
  { checkpoints },
  { signal, part },
) => {
  const first = await checkpoints.get(before);
  const second = await checkpoints.get(after);
  const { diffCheckpoints } = await import("../../audit/diff/diff.ts");
  const empty: DiffPart = {
    rows: null,
    before: null,
    after: null,
    sameContainer: null,
    compared: 0,
    problems: [],
  };
  let compared = 0;
  let told = Date.now();
  const progress = (bytes: number): void => {
    signal.throwIfAborted();
    compared += bytes;
    if (Date.now() - told < partTime) return;
    told = Date.now();
    part({ ...empty, compared });
  };
  const diff = await diffCheckpoints(first, second, { pages, reveal, now, progress });
  const { diffRows } = await import("./diff-rows.ts");
  const { before: old, after: fresh, sameContainer, problems } = diff;
  return { rows: diffRows(diff), before: old, after: fresh, sameContainer, compared, problems };
};
