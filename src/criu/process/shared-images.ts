import { ArchiveError } from "../../base/errors.ts";
import { collectEntries, type ReadContext } from "../entries.ts";
import type { FileTable } from "../files/file-table.ts";
import type { ImageFolder } from "../image-folder.ts";
import { readInventory } from "../inventory.ts";
import type { Messages } from "../schema/types.ts";
import type { CgroupSet } from "./cgroups.ts";
import { FilePaths } from "./file-paths.ts";
import type { Seccomp } from "./seccomp.ts";

/** Images that all processes refer to, each read once. */
export interface SharedImages {
  files: FilePaths;
  /** Undefined where there is no such image. */
  seccompFilters: readonly Messages["seccomp_filter"][] | undefined;
  seccompLabel: string;
  /** Chains of filters that were read, by mode and first filter. */
  seccomp: Map<string, Seccomp>;
  cgroupSets: ReadonlyMap<number, Messages["cg_set_entry"]> | undefined;
  cgroupLabel: string;
  /** Sets that were read, by id. */
  cgroups: Map<number, CgroupSet>;
  /** The set of CRIU itself. */
  ownCgroupSet: number | undefined;
  /** Namespaces of CRIU itself. */
  hostIds: Messages["task_kobj_ids_entry"] | undefined;
}

export async function readSharedImages(
  context: ReadContext,
  table: FileTable,
): Promise<SharedImages> {
  const { folder } = context;
  const inventory = await quietInventory(folder);
  const seccomp = await collectEntries(context, "seccomp.img", "seccomp_entry");
  return {
    files: new FilePaths(context, table),
    seccompFilters: seccomp?.flatMap(({ seccomp_filters: filters }) => filters),
    seccompLabel: folder.label("seccomp.img"),
    seccomp: new Map(),
    cgroupSets: await cgroupSets(context),
    cgroupLabel: folder.label("cgroup.img"),
    cgroups: new Map(),
    ownCgroupSet: inventory?.root_cg_set,
    hostIds: inventory?.root_ids,
  };
}

/** What is wrong with the inventory is told where it is asked for itself. */
async function quietInventory(
  folder: ImageFolder,
): Promise<Messages["inventory_entry"] | undefined> {
  try {
    return (await readInventory(folder))?.entry;
  } catch (error) {
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

async function cgroupSets(
  context: ReadContext,
): Promise<Map<number, Messages["cg_set_entry"]> | undefined> {
  const { folder, problems } = context;
  const entries = await collectEntries(context, "cgroup.img", "cgroup_entry");
  if (entries === undefined) return undefined;
  const sets = new Map<number, Messages["cg_set_entry"]>();
  for (const set of entries.flatMap((entry) => entry.sets)) {
    if (!sets.has(set.id)) sets.set(set.id, set);
    else {
      const message = `there are two cgroup sets ${set.id}; the first counts`;
      const where = { member: folder.label("cgroup.img") };
      problems.add({ severity: "error", code: "cgroup-set", message, where });
    }
  }
  return sets;
}
