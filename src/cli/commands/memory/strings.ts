import { maskText } from "../../../base/mask.ts";
import { sanitize } from "../../../base/text.ts";
import { hex } from "../../../base/u64.ts";
import type { Encoding } from "../../../memory/strings.ts";
import { type MemoryText, texts } from "../../../memory/text-list.ts";
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
  const shown = reveal === true ? (text: string) => text : hideSecrets;
  return withMemory(path, shared, io, async ({ checkpoint, memory }) => {
    await printStream(
      texts(memory, encoding, minLength, pid),
      "StringList",
      (found) => ({
        pid: found.pid,
        address: found.address === null ? null : hex(found.address),
        member: checkpoint.images?.label(found.image) ?? found.image,
        offset: found.offset,
        length: found.length,
        text: shown(found.text),
      }),
      (found) => `${quiet === true ? "" : place(found)}${sanitize(shown(found.text))}\n`,
      options,
      io,
    );
    return verdict(checkpoint.problems, io);
  });
}

function place({ pid, address }: MemoryText): string {
  return address === null ? "shared  " : `${pid} ${hex(address)}  `;
}

/** What every form of a secret that we know has in it; most texts have none. */
const suspect = /[=:"'@]|--|bearer|basic/i;

function hideSecrets(text: string): string {
  return suspect.test(text) ? maskText(text) : text;
}
