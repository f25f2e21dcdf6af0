import { setImmediate } from "node:timers/promises";
import type { Problem } from "../../base/problem.ts";
import type { RowsPart } from "../state/questions.ts";

/** Rows in one part of an answer: a few milliseconds for whoever takes it in. */
export const partRows = 5000;

/** A call whose answer is a list, or a part of one. */
interface RowsCall<Row> {
  signal: AbortSignal;
  part: (value: RowsPart<Row>) => void;
}

/**
 * Answers a long list: sends all of it but the last part, which it returns.
 * @param problems asked last, when all that can be wrong is known
 */
export async function inParts<Row>(
  rows: readonly Row[],
  problems: readonly Problem[],
  { signal, part }: RowsCall<Row>,
): Promise<RowsPart<Row>> {
  let at = 0;
  for (; rows.length - at > partRows; at += partRows) {
    signal.throwIfAborted();
    part({ at, rows: rows.slice(at, at + partRows), problems: [] });
    // What was sent goes out before the next is made, and a dropped question is heard of.
    await setImmediate();
  }
  return { at, rows: rows.slice(at), problems: [...problems] };
}
