import { listMappings } from "../../../memory/mapping-list.ts";
import { renderMappings } from "../../../report/mapping-view.ts";
import type { Io } from "../../io.ts";
import { printResult } from "../../output.ts";
import { verdict } from "../../verdict.ts";
import { type MemoryOptions, withMemory } from "./open.ts";

export type ListCommandOptions = MemoryOptions;

export function runList(path: string, options: ListCommandOptions, io: Io): Promise<number> {
  return withMemory(path, options, io, async ({ checkpoint }) => {
    const list = await listMappings(checkpoint, options.pid);
    await printResult(
      list,
      (table) =>
        options.quiet === true
          ? list.items.flatMap(({ mappings }) => mappings.map(({ start }) => `${start}\n`)).join("")
          : renderMappings(list, table),
      options,
      io,
    );
    return verdict(list.problems, io);
  });
}
