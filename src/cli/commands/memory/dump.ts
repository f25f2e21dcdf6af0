import { join } from "node:path";
import { apiVersion } from "../../../base/document.ts";
import { UsageError } from "../../../base/errors.ts";
import { sanitize } from "../../../base/text.ts";
import { hex } from "../../../base/u64.ts";
import { formatBytes } from "../../../base/units.ts";
import type { Mapping } from "../../../criu/memory/mapping.ts";
import type { ProcessMemory } from "../../../criu/memory/process-memory.ts";
import { type DumpedFile, dumpMapping, mappingFile } from "../../../memory/dump.ts";
import { type Column, renderTable } from "../../../report/table.ts";
import { beforeFetching, memoryBytes } from "../../fetching.ts";
import type { Io } from "../../io.ts";
import { printResult } from "../../output.ts";
import { Progress } from "../../progress.ts";
import { verdict } from "../../verdict.ts";
import { type MemoryOptions, withMemory } from "./open.ts";

export interface DumpCommandOptions extends MemoryOptions {
  mapping?: bigint;
  directory: string;
}

export function runDump(path: string, options: DumpCommandOptions, io: Io): Promise<number> {
  return withMemory(path, options, io, async ({ checkpoint, memory }) => {
    await beforeFetching(checkpoint, options, io, await memoryBytes(checkpoint));
    const processes = [...memory.processes.values()].filter(
      ({ pid }) => options.pid?.has(pid) ?? true,
    );
    const progress = new Progress(io, "writing", options.quiet === true);
    let bytes = 0;
    const items: DumpedFile[] = [];
    for (const process of processes) {
      for (const mapping of chosenMappings(process, options.mapping)) {
        const file = join(options.directory, mappingFile(process.pid, mapping));
        items.push(
          await dumpMapping(process, mapping, file, {
            partial: io.partial,
            progress: (length) => {
              bytes += length;
              progress.pass({ read: bytes, total: undefined });
            },
          }),
        );
      }
    }
    await progress.end();
    if (items.length === 0) throw nothingThere(options);
    await printResult(
      {
        apiVersion,
        kind: "MemoryDump",
        items: items.map((item) => ({ ...item, start: hex(item.start), end: hex(item.end) })),
      },
      (table) =>
        options.quiet === true
          ? items.map(({ file }) => `${sanitize(file)}\n`).join("")
          : renderTable(items, columns, table),
      options,
      io,
    );
    return verdict(checkpoint.problems, io);
  });
}

/** Mappings with something in the dump; one that is asked for by address in any case. */
function chosenMappings(process: ProcessMemory, address: bigint | undefined): Mapping[] {
  if (address !== undefined) {
    const mapping = process.mappingAt(address);
    return mapping === undefined ? [] : [mapping];
  }
  return process.mappings.filter((mapping) => {
    for (const { origin } of process.segments(mapping.start, mapping.end)) {
      if (origin === "dumped") return true;
    }
    return false;
  });
}

function nothingThere({ mapping }: DumpCommandOptions): UsageError {
  return new UsageError({
    what: mapping === undefined ? "no memory was dumped" : `no mapping holds ${hex(mapping)}`,
    next: "see what there is: cryoscope memory ls",
  });
}

const columns: Column<DumpedFile>[] = [
  { title: "PID", align: "right", cell: ({ pid }) => `${pid}` },
  { title: "PERM", cell: ({ permissions }) => permissions },
  { title: "SIZE", align: "right", cell: ({ start, end }) => formatBytes(Number(end - start)) },
  { title: "WRITTEN", align: "right", cell: ({ writtenBytes }) => formatBytes(writtenBytes) },
  { title: "NAME", cell: ({ name }) => name, flexible: true },
  { title: "FILE", cell: ({ file }) => file, flexible: true },
];
