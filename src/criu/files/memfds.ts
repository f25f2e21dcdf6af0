import { safeNumber } from "../../base/u64.ts";
import { forEachEntry, type ReadContext } from "../entries.ts";
import { flagNames, sealFlags } from "./flags.ts";

/** The memory behind a memfd. Its pages have the page table `pagemap-shmem-SHMID.img`. */
export interface Memfd {
  inodeId: number;
  name: string;
  sizeBytes: number | undefined;
  shmid: number;
  seals: string[];
  uid: number;
  gid: number;
  mode: number | undefined;
  hugePages: boolean;
}

// The kernel allows 249. Every file of a memfd names it, so that a longer one would multiply.
const longestName = 255;

export async function readMemfds(context: ReadContext): Promise<Map<number, Memfd>> {
  const memfds = new Map<number, Memfd>();
  await forEachEntry(context, "memfd.img", "memfd_inode_entry", ({ entry, place }) => {
    const inodeId = safeNumber(entry.inode_id);
    if (inodeId === undefined || memfds.has(inodeId)) {
      const what = inodeId === undefined ? "an impossible number" : "the number of another";
      const message = `memfd ${entry.inode_id} has ${what}; it is left out`;
      context.problems.add({ severity: "error", code: "memfd", message, where: place });
      return;
    }
    memfds.set(inodeId, {
      inodeId,
      name: entry.name.slice(0, longestName),
      sizeBytes: safeNumber(entry.size),
      shmid: entry.shmid,
      seals: flagNames(entry.seals, sealFlags),
      uid: entry.uid,
      gid: entry.gid,
      mode: entry.mode,
      hugePages: (entry.hugetlb_flag ?? 0) !== 0,
    });
  });
  return memfds;
}
