import type { Place } from "../../base/errors.ts";
import { forEachEntry, type ReadContext } from "../entries.ts";
import { type FileKind, kindOf } from "./file-table.ts";

/** One descriptor of a table. */
interface Descriptor {
  fd: number;
  closeOnExec: boolean;
  kind: FileKind;
  /** Number of the open file, unique within its kind. */
  fileId: number;
  /** SELinux label of a socket, where it has one. */
  selinux?: string;
  place: Place;
}

/** A descriptor table, and the processes that have it: more than one where they share it. */
export interface DescriptorTable {
  /** Number in the name of the image, `fdinfo-ID.img`. */
  id: number;
  pids: number[];
  /** By number, each once. */
  descriptors: Descriptor[];
}

/** Kinds of kernel objects that processes share or have alone: ids of `ids-PID.img`. */
export interface ProcessIds {
  filesId: number;
  mountNamespaceId: number | undefined;
  networkNamespaceId: number | undefined;
}

/** The largest descriptor that fits an `int`. */
const largestDescriptor = 2 ** 31 - 1;

/** Reads which objects each process has. Processes without memory (zombies) have none. */
export async function readProcessIds(
  context: ReadContext,
  pids: Iterable<number>,
): Promise<Map<number, ProcessIds>> {
  const result = new Map<number, ProcessIds>();
  for (const pid of pids) {
    const ids = (await idsOf(context, pid)) ?? (await idsOfCore(context, pid));
    if (ids !== undefined) result.set(pid, ids);
    // Before CRIU 0.4 tables were numbered by their process.
    else if (context.folder.open(`fdinfo-${pid}.img`) !== undefined) {
      result.set(pid, { filesId: pid, mountNamespaceId: undefined, networkNamespaceId: undefined });
    } else missing(context, `ids-${pid}.img`, `process ${pid} has no ids, so no descriptors`);
  }
  return result;
}

async function idsOf(context: ReadContext, pid: number): Promise<ProcessIds | undefined> {
  let ids: ProcessIds | undefined;
  await forEachEntry(context, `ids-${pid}.img`, "task_kobj_ids_entry", ({ entry }) => {
    ids ??= processIds(entry);
  });
  return ids;
}

/** CRIU before 1.0 kept them in the core image. */
async function idsOfCore(context: ReadContext, pid: number): Promise<ProcessIds | undefined> {
  let ids: ProcessIds | undefined;
  await forEachEntry(context, `core-${pid}.img`, "core_entry", ({ entry }) => {
    if (entry.ids !== undefined) ids ??= processIds(entry.ids);
  });
  return ids;
}

function processIds(entry: {
  files_id: number;
  mnt_ns_id?: number;
  net_ns_id?: number;
}): ProcessIds {
  return {
    filesId: entry.files_id,
    mountNamespaceId: entry.mnt_ns_id,
    networkNamespaceId: entry.net_ns_id,
  };
}

/** Reads every descriptor table once, however many processes share it. */
export async function readDescriptorTables(
  context: ReadContext,
  processIds: ReadonlyMap<number, ProcessIds>,
): Promise<DescriptorTable[]> {
  const tables = new Map<number, DescriptorTable>();
  for (const [pid, { filesId }] of processIds) {
    const known = tables.get(filesId);
    if (known === undefined) tables.set(filesId, { id: filesId, pids: [pid], descriptors: [] });
    else known.pids.push(pid);
  }
  for (const table of tables.values()) table.descriptors = await readTable(context, table.id);
  return [...tables.values()];
}

async function readTable(context: ReadContext, id: number): Promise<Descriptor[]> {
  const found = new Map<number, Descriptor>();
  const image = `fdinfo-${id}.img`;
  const problem = (where: Place, message: string): void =>
    context.problems.add({ severity: "error", code: "descriptor", message, where });
  const present = await forEachEntry(context, image, "fdinfo_entry", ({ entry, place }) => {
    const { fd } = entry;
    const kind = kindOf(entry.type);
    if (kind === undefined) {
      problem(place, `descriptor ${fd} is of type ${entry.type}, which we do not know`);
    } else if (fd > largestDescriptor) {
      problem(place, `there is a descriptor ${fd}; allowed up to ${largestDescriptor}`);
    } else if (found.has(fd)) {
      problem(place, `descriptor ${fd} is there twice; the first counts`);
    } else {
      const closeOnExec = (entry.flags & 1) !== 0;
      const descriptor: Descriptor = { fd, closeOnExec, kind, fileId: entry.id, place };
      const label = entry.xattr_security_selinux;
      if (label !== undefined && label !== "") descriptor.selinux = label;
      found.set(fd, descriptor);
    }
  });
  if (!present) missing(context, image, `there is no ${image}, which a process needs`);
  return [...found.values()].sort((a, b) => a.fd - b.fd);
}

function missing({ folder, problems }: ReadContext, image: string, message: string): void {
  const where = { member: folder.label(image) };
  problems.add({ severity: "error", code: "missing-image", message, where });
}
