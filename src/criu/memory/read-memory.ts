import type { ProblemLog } from "../../base/problem.ts";
import { hex } from "../../base/u64.ts";
import type { ReadContext } from "../entries.ts";
import type { FileTable } from "../files/file-table.ts";
import { readMemfds } from "../files/memfds.ts";
import type { ImageFolder } from "../image-folder.ts";
import { parseImageName } from "../image-name.ts";
import type { PageTables } from "../page-tables.ts";
import { type CriuProcess, defaultPageSize } from "../processes.ts";
import { MappedFiles } from "./mapped-files.ts";
import { isGuard, type Mapping, readMapping } from "./mapping.ts";
import type { PageStore } from "./page-store.ts";
import { ProcessMemory } from "./process-memory.ts";

/** The memory of all processes of a dump, with what they share held once. */
export interface DumpMemory {
  processes: ReadonlyMap<number, ProcessMemory>;
  /** Shared memory by shmid. */
  shared: ReadonlyMap<number, PageStore>;
}

/**
 * Joins mappings, page tables and page images of every process that has memory.
 * @param table of open files, which mappings name
 * @param tables of pages, those of the dump before behind them
 */
export async function readDumpMemory(
  context: ReadContext,
  processes: readonly CriuProcess[],
  table: FileTable,
  tables: PageTables,
): Promise<DumpMemory> {
  const { folder, problems } = context;
  const files = new MappedFiles(table, await readMemfds(context));
  const shared = await readShared(folder, processes, tables);
  const memories = new Map<number, ProcessMemory>();
  for (const process of processes) {
    const { layout, pageMap, pid } = process;
    if (layout === undefined) continue;
    const pageSize = layout.pageSize ?? defaultPageSize;
    const own =
      pageMap === undefined
        ? undefined
        : await tables.join(`pagemap-${pid}.img`, pageMap, pageSize);
    const memory = new ProcessMemory({
      pid,
      mappings: readMappings(folder, process, files, problems),
      pageSize,
      own,
      shared,
    });
    memories.set(pid, memory);
  }
  return { processes: memories, shared };
}

async function readShared(
  folder: ImageFolder,
  processes: readonly CriuProcess[],
  tables: PageTables,
): Promise<Map<number, PageStore>> {
  const pageSize = processes.find(({ layout }) => layout?.pageSize)?.layout?.pageSize;
  const shared = new Map<number, PageStore>();
  for (const name of folder.names()) {
    const image = parseImageName(name);
    if (image?.type !== "PAGEMAP" || image.idKind !== "shmem" || image.id === undefined) continue;
    const store = await tables.ofShared(image.id, pageSize ?? defaultPageSize);
    if (store !== undefined) shared.set(image.id, store);
  }
  return shared;
}

/** Mappings in order. One that overlaps another, or has no length, is dropped with a problem. */
function readMappings(
  folder: ImageFolder,
  { pid, layout }: CriuProcess,
  files: MappedFiles,
  problems: ProblemLog,
): Mapping[] {
  const entry = layout?.entry;
  if (entry === undefined) return [];
  const sorted = entry.vmas.toSorted((a, b) =>
    a.start < b.start ? -1 : a.start > b.start ? 1 : 0,
  );
  const mappings: Mapping[] = [];
  let end = 0n;
  for (const vma of sorted) {
    if (isGuard(vma)) continue;
    if (vma.start < end || vma.end <= vma.start) {
      problems.add({
        severity: "error",
        code: "mapping-overlap",
        message: `process ${pid} has a mapping from ${hex(vma.start)} to ${hex(vma.end)}, which is empty or overlaps the one that ends at ${hex(end)}; it is left out`,
        where: { member: folder.label(`mm-${pid}.img`) },
      });
      continue;
    }
    mappings.push(readMapping(vma, mappings.length, entry.mm_start_stack, files));
    end = vma.end;
  }
  return mappings;
}
