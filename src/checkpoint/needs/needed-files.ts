import { canonicalName } from "../../archive/member.ts";
import { ArchiveError } from "../../base/errors.ts";
import type { OpenFile } from "../../criu/files/open-file.ts";
import type { Asked, FactPlace } from "./asked.ts";
import { type HostMount, readHostMounts } from "./host-mounts.ts";
import { absolutePath } from "./tasks.ts";

/** A regular file that is open, mapped or run, and so has to be there when CRIU restores. */
export interface NeededFile {
  file: OpenFile;
  /** Inside the container. */
  path: string;
  /**
   * Where its content comes from: `root` (the image, or what the container changed), `dev-shm`,
   * `volume` of the pod or of Podman, `host` path of the node, `runtime` (every container gets it).
   */
  from: "root" | "dev-shm" | "volume" | "host" | "runtime";
  mountpoint: string;
  place: FactPlace;
}

/** Regular files that processes have, but for those that CRIU itself saved. */
export function readNeededFiles(asked: Asked): Promise<NeededFile[]> {
  return asked.once("needed files", async () => {
    const byMountpoint = new Map(
      (await readHostMounts(asked)).map((mount) => [mount.mountpoint, mount]),
    );
    const { files } = await asked.checkpoint.files();
    const needed: NeededFile[] = [];
    for (const file of files) {
      const found = judge(file, byMountpoint);
      if (found !== undefined) needed.push(found);
    }
    return needed;
  });
}

function judge(file: OpenFile, hostMounts: ReadonlyMap<string, HostMount>): NeededFile | undefined {
  const { kind, path, mount, fileType, deleted, holders, uses } = file;
  if (kind !== "regular" || path === undefined || fileType !== "file") return undefined;
  // Ghosts and links are kept by CRIU, and what nobody has is a link that it made.
  if (deleted !== undefined || mount === undefined) return undefined;
  if (holders.length === 0 && uses.length === 0) return undefined;
  const from = source(mount, hostMounts.get(mount.mountpoint));
  if (from === undefined) return undefined;
  const holder = holders[0];
  const at = holder === undefined ? { pid: uses[0]?.pid ?? 0 } : { pid: holder.pid, fd: holder.fd };
  const place = { ...file.place, ...at, path };
  return { file, path: absolutePath(path), from, mountpoint: mount.mountpoint, place };
}

type Mount = NonNullable<OpenFile["mount"]>;

function source(mount: Mount, host: HostMount | undefined): NeededFile["from"] | undefined {
  if (mount.mountpoint === "/" && !mount.external) return "root";
  if (!mount.external) return undefined;
  if (mount.mountpoint === "/dev/shm") return "dev-shm";
  if (host === undefined) return undefined;
  return host.kind === "other-pod" ? "host" : host.kind;
}

/** Paths of regular files in an archive inside the archive, from its root; undefined without it. */
export async function nestedPaths(
  { checkpoint }: Asked,
  name: string,
): Promise<ReadonlySet<string> | undefined> {
  const member = checkpoint.archive.find(name);
  if (member?.type !== "file") return undefined;
  try {
    const inner = await checkpoint.nested(member);
    const paths = inner.members.map((it) => `/${canonicalName(it.name)}`);
    await inner.close();
    return new Set(paths);
  } catch (error) {
    // What is wrong with it is told by integrity/nested-archive.
    if (error instanceof ArchiveError) return new Set();
    throw error;
  }
}
