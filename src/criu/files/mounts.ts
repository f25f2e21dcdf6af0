import type { Decoded } from "../decode.ts";
import { forEachEntry, type ReadContext } from "../entries.ts";
import { parseImageName } from "../image-name.ts";
import { showKernelDevice } from "./file-mode.ts";
import { flagNames, mountFlags } from "./flags.ts";

/** A mount of one of the dump's mount namespaces. Paths are those inside the container. */
export interface Mount {
  id: number;
  /** Mount that it lies on; the root of a namespace names one outside of it. */
  parentId: number;
  namespaceId: number;
  /** Number of ancestors in its namespace. */
  depth: number;
  mountpoint: string;
  /** Type of file system by its usual name: `overlay`, `proc`. */
  fstype: string;
  source: string;
  /** Folder of the file system that is mounted. */
  root: string;
  /** `major:minor`. */
  device: string;
  options: string;
  flags: string[];
  superFlags: string[];
  /** Peer group that it shares its events with, and the one that it receives them from. */
  sharedId: number | undefined;
  masterId: number | undefined;
  /** Comes from outside: the key by which the runtime gives it back on restore. */
  externalKey: string | undefined;
  external: boolean;
  /** Its mountpoint was deleted. */
  deleted: boolean;
  /** The file system is written and restored by a plugin of CRIU. */
  withPlugin: boolean;
}

/** All mounts of a dump, each namespace's in depth-first order. */
export class MountTable {
  readonly mounts: readonly Mount[];
  readonly #byId: ReadonlyMap<number, Mount>;

  constructor(mounts: readonly Mount[]) {
    this.mounts = mounts;
    this.#byId = new Map(mounts.map((mount) => [mount.id, mount]));
  }

  find(id: number): Mount | undefined {
    return this.#byId.get(id);
  }
}

/** Reads the mounts of every namespace that has an image. Ids are the kernel's, so unique. */
export async function readMounts(context: ReadContext): Promise<MountTable> {
  const mounts: Mount[] = [];
  const taken = new Set<number>();
  for (const name of [...context.folder.names()].sort()) {
    const image = parseImageName(name);
    if (image?.type !== "MNTS" || image.id === undefined) continue;
    const own = new Map<number, Mount>();
    const namespaceId = image.id;
    await forEachEntry(context, name, "mnt_entry", ({ entry, place }) => {
      if (!taken.has(entry.mnt_id)) {
        taken.add(entry.mnt_id);
        own.set(entry.mnt_id, describe(entry, namespaceId));
        return;
      }
      const message = `there are two mounts ${entry.mnt_id}; the first counts`;
      context.problems.add({ severity: "error", code: "mount-table", message, where: place });
    });
    mounts.push(...ordered(context, name, own));
  }
  return new MountTable(mounts);
}

function describe(entry: Decoded<"mnt_entry">, namespaceId: number): Mount {
  const key = entry.ext_key === "" ? undefined : entry.ext_key;
  return {
    id: entry.mnt_id,
    parentId: entry.parent_mnt_id,
    namespaceId,
    depth: 0,
    mountpoint: entry.mountpoint === "" ? "/" : mountName(entry.mountpoint),
    fstype: typeName(entry),
    source: mountName(entry.source),
    root: mountName(entry.root),
    device: showKernelDevice(entry.root_dev),
    options: entry.options,
    flags: flagNames(entry.flags, mountFlags),
    superFlags: flagNames(entry.sb_flags ?? 0, mountFlags),
    sharedId: positive(entry.shared_id),
    masterId: positive(entry.master_id),
    externalKey: key,
    external: key !== undefined || entry.ext_mount === true,
    deleted: entry.deleted === true,
    withPlugin: entry.with_plugin === true,
  };
}

/**
 * A name as mountinfo has it: the kernel escapes blanks, `\\` and `#` as three octal digits, of which
 * CRIU turns only the space back.
 */
function mountName(text: string): string {
  return text
    .slice(0, longestPath)
    .replace(/\\(011|012|043|134)/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 8)),
    );
}

// The kernel's PATH_MAX. Every file of a mount names it again, so that a longer one would multiply.
const longestPath = 4096;

function positive(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}

// `auto` is what CRIU was told to take, and `unsupported` what it takes when all is external: the
// entry then has the name by which the kernel knows the type.
function typeName({ fstype, fsname }: Decoded<"mnt_entry">): string {
  const name = fstypes.get(fstype);
  const named = name !== undefined && name !== "AUTO" && name !== "UNSUPPORTED";
  if (!named && fsname !== undefined && fsname !== "") return fsname;
  if (name === undefined) return `type ${fstype}`;
  return name === "OVERLAYFS" ? "overlay" : name.toLowerCase();
}

// `enum fstype`; the entry itself holds a plain number.
const fstypes: ReadonlyMap<number, string> = new Map(
  [
    "UNSUPPORTED",
    "PROC",
    "SYSFS",
    "DEVTMPFS",
    "BINFMT_MISC",
    "TMPFS",
    "DEVPTS",
    "SIMFS",
    "PSTORE",
    "SECURITYFS",
    "FUSECTL",
    "DEBUGFS",
    "CGROUP",
    "AUFS",
    "MQUEUE",
    "FUSE",
    "AUTO",
    "OVERLAYFS",
    "AUTOFS",
    "TRACEFS",
  ]
    .map((name, at): [number, string] => [at, name])
    .concat([[23, "CGROUP2"]]),
);

/** Depth-first, siblings by path; what only reaches itself is shown as a root, with a problem. */
function ordered(context: ReadContext, image: string, mounts: Map<number, Mount>): Mount[] {
  const children = new Map<number, Mount[]>();
  const roots: Mount[] = [];
  for (const mount of mounts.values()) {
    if (mount.parentId === mount.id || !mounts.has(mount.parentId)) {
      roots.push(mount);
      continue;
    }
    const siblings = children.get(mount.parentId) ?? [];
    siblings.push(mount);
    children.set(mount.parentId, siblings);
  }
  const result: Mount[] = [];
  const seen = new Set<Mount>();
  const walk = (from: Mount[]): void => {
    const todo = from.map((mount) => ({ mount, depth: 0 })).reverse();
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const { mount, depth } = next;
      if (seen.has(mount)) continue;
      seen.add(mount);
      mount.depth = depth;
      result.push(mount);
      const below = (children.get(mount.id) ?? []).sort(byPath);
      for (const child of below.reverse()) todo.push({ mount: child, depth: depth + 1 });
    }
  };
  walk(roots.sort(byPath));
  for (const mount of mounts.values()) {
    if (seen.has(mount)) continue;
    const where = { member: context.folder.label(image) };
    const message = `mount ${mount.id} lies on itself by a circle of parents; it is shown as a root`;
    context.problems.add({ severity: "error", code: "mount-table", message, where });
    walk([mount]);
  }
  return result;
}

function byPath(a: Mount, b: Mount): number {
  return a.mountpoint < b.mountpoint ? -1 : a.mountpoint > b.mountpoint ? 1 : a.id - b.id;
}
