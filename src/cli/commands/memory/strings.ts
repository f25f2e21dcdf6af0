import { maskMarked, maskText } from "../../../base/mask.ts";
import { sanitize } from "../../../base/text.ts";
import { hex } from "../../../base/u64.ts";
import type { DumpMemory } from "../../../criu/memory/read-memory.ts";
import type { Encoding } from "../../../memory/strings.ts";
import { textLines } from "../../../memory/text-lines.ts";
import { type MemoryText, texts } from "../../../memory/text-list.ts";
import { beforeFetching, memoryBytes } from "../../fetching.ts";
import type { Io } from "../../io.ts";
import { verdict } from "../../verdict.ts";
import { type MemoryOptions, noteElsewhere, type OpenMemory, withMemory } from "./open.ts";
import { printBytes, printStream } from "./stream.ts";

export interface StringsCommandOptions extends Omit<MemoryOptions, "output"> {
  output: MemoryOptions["output"] | "jsonl";
  encoding: Encoding;
  minLength: number;
  limit?: number;
}

export function runStrings(path: string, options: StringsCommandOptions, io: Io): Promise<number> {
  const shared = { ...options, output: "json" as const };
  return withMemory(path, shared, io, async (open) => {
    await beforeFetching(open.checkpoint, options, io, await memoryBytes(open.checkpoint));
    if (options.output === "table" && options.encoding === "ascii") {
      await printLines(open.memory, options, io);
    } else {
      await printTexts(open, options, io);
    }
    await noteElsewhere(open, shared, io);
    return verdict(open.checkpoint.problems, io);
  });
}

/** Lines of ASCII, as bytes: a dump of a few gigabytes holds tens of millions of them. */
function printLines(memory: DumpMemory, options: StringsCommandOptions, io: Io): Promise<void> {
  const { minLength, pid, reveal, quiet, limit } = options;
  const lines = textLines(memory, {
    least: minLength,
    pids: pid,
    prefix: quiet === true ? undefined : (pid) => (pid === null ? unmapped : `${pid} 0x`),
    mask: reveal === true ? undefined : (text) => sanitize(maskMarked(text)),
    limit,
  });
  return printBytes(lines, options, io);
}

async function printTexts(
  { memory }: OpenMemory,
  options: StringsCommandOptions,
  io: Io,
): Promise<void> {
  const { encoding, minLength, pid, reveal, quiet } = options;
  const shown = reveal === true ? (text: string) => text : maskText;
  await printStream(
    texts(memory, encoding, minLength, pid),
    "StringList",
    (found) => ({
      pid: found.pid,
      address: found.address === null ? null : hex(found.address),
      member: found.member,
      parent: found.parent,
      offset: found.offset,
      length: found.length,
      text: shown(found.text),
    }),
    (found) => `${quiet === true ? "" : place(found)}${sanitize(shown(found.text))}\n`,
    options,
    io,
  );
}

const unmapped = "shared  ";

function place({ pid, address }: MemoryText): string {
  return address === null ? unmapped : `${pid} ${hex(address)}  `;
}
