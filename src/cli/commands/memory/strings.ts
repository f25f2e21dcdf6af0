import { maskText } from "../../../base/mask.ts";
import { sanitize } from "../../../base/text.ts";
import { hex } from "../../../base/u64.ts";
import { type Hit, search } from "../../../memory/search.ts";
import { type Encoding, stringsMatcher, stringText } from "../../../memory/strings.ts";
import type { Io } from "../../io.ts";
import { verdict } from "../../verdict.ts";
import { type MemoryOptions, withMemory } from "./open.ts";
import { printStream } from "./stream.ts";

export interface StringsCommandOptions extends Omit<MemoryOptions, "output"> {
  output: MemoryOptions["output"] | "jsonl";
  encoding: Encoding;
  minLength: number;
  limit?: number;
}

export function runStrings(path: string, options: StringsCommandOptions, io: Io): Promise<number> {
  const { encoding, minLength, pid, reveal, quiet } = options;
  const shared = { ...options, output: "json" as const };
  return withMemory(path, shared, io, async ({ checkpoint, memory }) => {
    const text = (hit: Hit): string => {
      const found = stringText(hit.bytes, encoding);
      return reveal === true ? found : maskText(found);
    };
    const hits = search(
      memory,
      stringsMatcher(encoding, minLength),
      pid === undefined ? {} : { pids: pid },
    );
    await printStream(
      hits,
      "StringList",
      (hit) => ({
        pid: hit.sights[0]?.pid ?? null,
        address: hit.sights[0] === undefined ? null : hex(hit.sights[0].address),
        member: checkpoint.images?.label(hit.image) ?? hit.image,
        offset: hit.offset,
        length: hit.length,
        text: text(hit),
      }),
      (hit) => {
        const [first] = hit.sights;
        const where = first === undefined ? "" : `${first.pid} ${hex(first.address)}  `;
        return `${quiet === true ? "" : where}${sanitize(text(hit))}\n`;
      },
      options,
      io,
    );
    return verdict(checkpoint.problems, io);
  });
}
