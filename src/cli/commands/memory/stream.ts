import { createPrivateFile } from "../../../archive/private-file.ts";
import { apiVersion } from "../../../base/document.ts";
import { renderJson, renderJsonLine } from "../../../report/json.ts";
import { renderYaml } from "../../../report/yaml.ts";
import type { Io } from "../../io.ts";
import type { MemoryOptions } from "./open.ts";

/**
 * Prints results as they come: a line each in tables and `jsonl`, one document in the end for
 * `json` and `yaml`. Stops asking when nobody reads any more.
 */
export async function printStream<T>(
  items: AsyncIterable<T>,
  kind: string,
  document: (item: T) => object,
  line: (item: T) => string,
  options: Pick<MemoryOptions, "outputFile"> & { output: string; limit?: number },
  io: Io,
): Promise<number> {
  const write = await opener(options.outputFile, io);
  const whole: object[] = [];
  const together = options.output === "json" || options.output === "yaml";
  let count = 0;
  try {
    for await (const item of items) {
      count += 1;
      if (together) whole.push(document(item));
      else {
        const text = options.output === "jsonl" ? renderJsonLine(document(item)) : line(item);
        if (!(await write.text(text))) break;
      }
      if (options.limit !== undefined && count >= options.limit) break;
    }
    if (together) {
      const value = { apiVersion, kind, items: whole };
      await write.text(options.output === "json" ? renderJson(value) : await renderYaml(value));
    }
  } finally {
    await write.close();
  }
  return count;
}

async function opener(
  file: string | undefined,
  io: Io,
): Promise<{ text: (text: string) => Promise<boolean>; close: () => Promise<void> }> {
  if (file === undefined) return { text: (text) => io.out.write(text), close: async () => {} };
  const handle = await createPrivateFile(file);
  io.partial(file, "begun");
  return {
    text: async (text) => {
      await handle.appendFile(text);
      return true;
    },
    close: async () => {
      await handle.close();
      io.partial(file, "done");
    },
  };
}
