import { apiVersion, type Document } from "../base/document.ts";
import type { Problem } from "../base/problem.ts";
import { hex } from "../base/u64.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Mapping } from "../criu/memory/mapping.ts";
import type { Origin, ProcessMemory } from "../criu/memory/process-memory.ts";

/** A mapping as `memory ls` shows it. Sizes in bytes. */
export interface MappingRow {
  start: string;
  end: string;
  permissions: string;
  backing: Mapping["backing"];
  name: string;
  offset: string;
  shmid: number | null;
  sizeBytes: number;
  /** In page images of this dump. */
  dumpedBytes: number;
  /** Never written, so zero. */
  zeroBytes: number;
  /** In files of the container, in a parent dump, left for lazy restore, made by the kernel. */
  fileBytes: number;
  parentBytes: number;
  lazyBytes: number;
  kernelBytes: number;
  /** Should be here and is not. */
  missingBytes: number;
}

export interface MappingList extends Document<"MappingList"> {
  items: { pid: number; comm: string | null; mappings: MappingRow[] }[];
  problems: Problem[];
}

/** Lists the mappings of every process, or of those asked for. */
export async function listMappings(
  checkpoint: Checkpoint,
  pids?: ReadonlySet<number>,
): Promise<MappingList> {
  const memory = await checkpoint.memory();
  const comms = new Map((await checkpoint.processes()).map(({ pid, comm }) => [pid, comm]));
  const chosen = [...memory.processes.values()].filter(({ pid }) => pids?.has(pid) ?? true);
  return {
    apiVersion,
    kind: "MappingList",
    items: chosen.map((process) => ({
      pid: process.pid,
      comm: comms.get(process.pid) ?? null,
      mappings: process.mappings.map((mapping) => mappingRow(process, mapping)),
    })),
    problems: checkpoint.problems,
  };
}

function mappingRow(process: ProcessMemory, mapping: Mapping): MappingRow {
  const bytes: Partial<Record<Origin, number>> = {};
  for (const { origin, length } of process.segments(mapping.start, mapping.end)) {
    bytes[origin] = (bytes[origin] ?? 0) + length;
  }
  return {
    start: hex(mapping.start),
    end: hex(mapping.end),
    permissions: mapping.permissions,
    backing: mapping.backing,
    name: mapping.name,
    offset: hex(mapping.offset),
    shmid: mapping.shmid ?? null,
    sizeBytes: Number(mapping.end - mapping.start),
    dumpedBytes: bytes.dumped ?? 0,
    zeroBytes: bytes.zero ?? 0,
    fileBytes: bytes.file ?? 0,
    parentBytes: bytes.parent ?? 0,
    lazyBytes: bytes.lazy ?? 0,
    kernelBytes: bytes.kernel ?? 0,
    missingBytes: bytes.missing ?? 0,
  };
}
