import type { Asked } from "../../checkpoint/needs/asked.ts";
import { readSpec } from "../../checkpoint/needs/spec.ts";
import type { Mount } from "../../criu/files/mounts.ts";
import type { MountNeed } from "../needs/mounts.ts";

/** What stands in the bundle for the source of a bind mount. */
export interface BindSource {
  /** Place in the list of spec.dump, counted from 0. */
  index: number;
  destination: string;
  shape: "file" | "directory";
  /** What says which of the two it was. */
  evidence: string;
  /** Where it is: an absolute path in the bundle. */
  path: string;
  /** Its name in the bundle's folder of sources. */
  name: string;
  mode: number;
  /** Path on the node of the dump. */
  was: string | undefined;
  /** Member of the archive whose content goes there. */
  content: string | undefined;
  /** Files on it that processes have open or mapped, of which the archive carries no content. */
  missing: readonly string[];
}

type Shape = Pick<BindSource, "shape" | "evidence">;

/**
 * Plans a source for every bind mount. None is taken from the machine that restores: what an
 * archive names there would be handed to the processes in it.
 * @param folder of the sources: an absolute path
 * @param look tells what lies at a destination in the bundle's root file system
 */
export async function bindSources(
  asked: Asked,
  needs: readonly MountNeed[],
  mounts: readonly Mount[],
  folder: string,
  look: (path: string) => "file" | "directory" | undefined,
): Promise<BindSource[]> {
  const spec = await readSpec(asked);
  const modes = await notedModes(asked);
  const result: BindSource[] = [];
  for (const [at, { index, destination, bind, source }] of (spec?.mounts ?? []).entries()) {
    if (!bind) continue;
    const need = needs[at];
    const shaped = shapeOf(destination, need, mounts, look);
    const name = `${index}${destination.replace(/[^A-Za-z0-9.]+/g, "-").slice(0, 100)}`;
    result.push({
      index,
      destination,
      ...shaped,
      path: `${folder}/${name}`,
      name,
      mode: modes.get(destination) ?? usualMode(destination, shaped.shape, need),
      was: source,
      content: need?.carriedBy ?? undefined,
      missing: need?.carriedBy === null ? need.filesInUse : [],
    });
  }
  return result;
}

function shapeOf(
  destination: string,
  need: MountNeed | undefined,
  mounts: readonly Mount[],
  look: (path: string) => "file" | "directory" | undefined,
): Shape {
  if (need?.shape != null) return { shape: need.shape, evidence: need.evidence };
  if (destination === "/run/.containerenv") {
    return { shape: "file", evidence: "Podman and CRI-O give every container this file" };
  }
  const mount = mounts.find(({ mountpoint }) => mountpoint === destination);
  if (mount?.root === "/") {
    return { shape: "directory", evidence: "a whole file system was mounted there" };
  }
  if ((need?.filesInUse ?? []).some((path) => path.startsWith(`${destination}/`))) {
    return { shape: "directory", evidence: "files below it are in use" };
  }
  const found = look(destination);
  if (found !== undefined) return { shape: found, evidence: "the root file system has one there" };
  return { shape: "directory", evidence: "nothing tells, so the commoner of the two" };
}

/** A volume is for everybody in the container, as the kubelet makes them. */
function usualMode(
  destination: string,
  shape: BindSource["shape"],
  need: MountNeed | undefined,
): number {
  if (destination === "/dev/shm") return 0o1777;
  if (need?.kind === "termination-log") return 0o666;
  if (shape === "file") return 0o644;
  return need?.kind === "empty-dir" ? 0o777 : 0o755;
}

/** CRI-O notes the permissions of each source: `bind.mounts`. */
async function notedModes({ checkpoint }: Asked): Promise<Map<string, number>> {
  const list = await checkpoint.documents.json("bind.mounts");
  const modes = new Map<string, number>();
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    const { destination, permissions } = (entry ?? {}) as Record<string, unknown>;
    if (typeof destination !== "string" || typeof permissions !== "number") continue;
    modes.set(destination, permissions & 0o1777);
  }
  return modes;
}
