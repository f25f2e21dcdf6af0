import { safeNumber } from "../../base/u64.ts";
import { forEachEntry, type ReadContext } from "../entries.ts";
import type { Messages } from "../schema/types.ts";

/** What a process has a file for, beside its descriptors. */
export interface FileUse {
  pid: number;
  as: "exe" | "cwd" | "root" | "map";
  fileId: number;
  /** Image that says so. */
  image: string;
}

// Mappings of files, memfds and rings of packet sockets name an open file by number
// (`VMA_FILE_*`, `VMA_AREA_MEMFD`, `VMA_AREA_SOCKET`).
const mapsFile = (1 << 6) | (1 << 7) | (1 << 11) | (1 << 14);

/** Programs, working folders, roots and mapped files; each file once a process and purpose. */
export async function readUses(context: ReadContext, pids: Iterable<number>): Promise<FileUse[]> {
  const uses: FileUse[] = [];
  for (const pid of pids) {
    const add = (as: FileUse["as"], fileId: number, image: string): void => {
      uses.push({ pid, as, fileId, image });
    };
    const mapped = new Set<number>();
    const collect = (vma: Messages["vma_entry"]): void => {
      const id = safeNumber(vma.shmid);
      if ((vma.status & mapsFile) !== 0 && id !== undefined) mapped.add(id);
    };
    const mm = `mm-${pid}.img`;
    await forEachEntry(context, mm, "mm_entry", ({ entry }) => {
      add("exe", entry.exe_file_id, mm);
      for (const vma of entry.vmas) collect(vma);
    });
    // Before CRIU 1.6 mappings had an image of their own.
    await forEachEntry(context, `vmas-${pid}.img`, "vma_entry", ({ entry }) => collect(entry));
    const fs = `fs-${pid}.img`;
    await forEachEntry(context, fs, "fs_entry", ({ entry }) => {
      add("cwd", entry.cwd_id, fs);
      add("root", entry.root_id, fs);
    });
    for (const id of mapped) add("map", id, mm);
  }
  return uses;
}
