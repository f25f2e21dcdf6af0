import { apiVersion } from "../../../base/document.ts";
import { renderJsonLine } from "../../../report/json.ts";
import type { Io } from "../../io.ts";
import { openOutput, renderDocument, writePieces } from "../../output.ts";
import type { MemoryOptions } from "./open.ts";

/**
 * Prints results as they come: a line each in tables and `jsonl`, one document in the end for
 * `json` and `yaml`. Stops asking when nobody reads any more.
 */
export async function printStream<T>(
  batches: AsyncIterable<readonly T[]>,
  kind: string,
  document: (item: T) => object,
  line: (item: T) => string,
  options: Pick<MemoryOptions, "outputFile"> & { output: string; limit?: number },
  io: Io,
): Promise<number> {
  const output = await openOutput(options.outputFile, io);
  const whole: object[] = [];
  const together = options.output === "json" || options.output === "yaml";
  let count = 0;
  try {
    const render = options.output === "jsonl" ? (item: T) => renderJsonLine(document(item)) : line;
    for await (const batch of batches) {
      const items = batch.slice(0, (options.limit ?? Number.POSITIVE_INFINITY) - count);
      count += items.length;
      if (together) for (const item of items) whole.push(document(item));
      else if (!(await output.write(items.map(render).join("")))) break;
      if (count === options.limit) break;
    }
    if (together) {
      const value = { apiVersion, kind, items: whole };
      const format = options.output === "json" ? "json" : "yaml";
      await writePieces(await renderDocument(value, format), output);
    }
  } finally {
    await output.close();
  }
  return count;
}

/** Smaller pieces are put together before they are written. */
const chunkBytes = 64 * 1024;

/** Prints pieces of bytes as they come, until nobody reads any more. */
export async function printBytes(
  pieces: AsyncIterable<Uint8Array>,
  { outputFile }: Pick<MemoryOptions, "outputFile">,
  io: Io,
): Promise<void> {
  const output = await openOutput(outputFile, io);
  const held = new Uint8Array(chunkBytes);
  let length = 0;
  try {
    for await (const piece of pieces) {
      if (length + piece.length <= chunkBytes) {
        held.set(piece, length);
        length += piece.length;
        continue;
      }
      if (!(await output.write(held.subarray(0, length)))) return;
      length = 0;
      if (!(await output.write(piece))) return;
    }
    await output.write(held.subarray(0, length));
  } finally {
    await output.close();
  }
}
