import { expect } from "vitest";
import type { RunExplanation } from "../../src/diagnose/log/explanation.ts";
import { LogReader, type ReadOptions } from "../../src/diagnose/log/read-log.ts";

/** Every run that a text tells of. */
export function explainedRuns(
  text: string,
  options: Partial<ReadOptions> = {},
  pieceBytes = 65_536,
): RunExplanation[] {
  const reader = new LogReader("test.log", { context: 2, reveal: false, ...options });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    reader.push(bytes.subarray(at, at + pieceBytes));
  }
  return reader.end().runs;
}

/** The one run that a text tells of. */
export function explained(text: string, options: Partial<ReadOptions> = {}): RunExplanation {
  const runs = explainedRuns(text, options);
  expect(runs).toHaveLength(1);
  return runs[0] as RunExplanation;
}
