import type { Asked } from "../../checkpoint/needs/asked.ts";
import { readHostMounts } from "../../checkpoint/needs/host-mounts.ts";
import {
  type NeededFile,
  nestedPaths,
  readNeededFiles,
} from "../../checkpoint/needs/needed-files.ts";
import { type Rootfs, readRootfs } from "../../checkpoint/needs/rootfs.ts";
import { volumeMember } from "../../checkpoint/needs/volumes.ts";
import { losesChanges } from "../../checkpoint/rootfs.ts";
import { evidenceOf, imageLabel } from "./evidence.ts";

/** A regular file that processes have open, mapped or run, and that has to be there on restore. */
export interface FileNeed {
  /** Inside the container. */
  path: string;
  /** What for: `exe`, `map`, `cwd`, `fd 3`; a few of them. */
  uses: string[];
  /** Size at the dump, which CRIU compares; null where it noted none. */
  sizeBytes: number | null;
  /** Is it open for writing? */
  writable: boolean;
  /** `root`: the image, or what the container changed. Else where it is mounted from. */
  from: NeededFile["from"];
  mountpoint: string;
  /**
   * `image`: nothing says that it differs from the image's. `carried`: the archive has it.
   * `other-size`: the archive has it in another size. `maybe-lost`: open for writing, and its engine
   * loses changes to files of the image. `absent`: on a mount that the archive does not hold.
   */
  state: "image" | "carried" | "other-size" | "maybe-lost" | "absent";
  /** Size in the archive, where that has it. */
  savedBytes: number | null;
  evidence: string;
}

const namedUses = 8;

/** All files in use but those that CRIU itself saved, in the order of the images. */
export async function fileNeeds(asked: Asked): Promise<FileNeed[]> {
  const files = await readNeededFiles(asked);
  const rootfs = await readRootfs(asked);
  const mounts = await readHostMounts(asked);
  const sources = new Map(mounts.map(({ mountpoint, source }) => [mountpoint, source]));
  const { engine } = await asked.checkpoint.runtime();
  const loses = losesChanges[engine];
  const devShm = files.some(({ from }) => from === "dev-shm")
    ? await nestedPaths(asked, "devshm-checkpoint.tar")
    : undefined;
  return files.map((needed): FileNeed => {
    const { file, path, from, mountpoint } = needed;
    const saved = from === "root" ? rootfs.find(path) : undefined;
    const savedBytes = saved?.type === "file" ? saved.sizeBytes : null;
    return {
      path,
      uses: usesOf(needed),
      sizeBytes: file.sizeBytes ?? null,
      writable: (file.flags ?? 0) % 4 !== 0,
      from,
      mountpoint,
      state:
        from === "root"
          ? rootState(needed, rootfs, loses)
          : mountState(asked, needed, devShm, sources.get(mountpoint)),
      savedBytes,
      evidence: evidenceOf({ ...file.place, member: imageOf(asked, needed) }),
    };
  });
}

function imageOf(asked: Asked, { file }: NeededFile): string {
  return file.place.member ?? imageLabel(asked.checkpoint, "files.img");
}

function usesOf({ file: { holders, uses } }: NeededFile): string[] {
  const words = [...uses.map((use) => use.as), ...holders.map(({ fd }) => `fd ${fd}`)];
  return [...new Set(words)].slice(0, namedUses);
}

function rootState({ file, path }: NeededFile, rootfs: Rootfs, loses: boolean): FileNeed["state"] {
  const saved = rootfs.find(path);
  if (saved?.type === "file") {
    const isSame = file.sizeBytes === undefined || file.sizeBytes === saved.sizeBytes;
    return isSame ? "carried" : "other-size";
  }
  return loses && (file.flags ?? 0) % 4 !== 0 ? "maybe-lost" : "image";
}

function mountState(
  { checkpoint }: Asked,
  { from, path }: NeededFile,
  devShm: ReadonlySet<string> | undefined,
  source = "",
): FileNeed["state"] {
  // The runtime gives every container such files, and nobody keeps them open.
  if (from === "runtime") return "image";
  const carried =
    from === "dev-shm"
      ? devShm?.has(path.slice("/dev/shm".length)) === true
      : volumeMember(checkpoint, source) !== undefined;
  return carried ? "carried" : "absent";
}
