import { RefusedError } from "../../base/errors.ts";
import type { Mount } from "../../criu/files/mounts.ts";

/** The OCI runtimes that can restore a bundle. */
export type OciRuntime = "runc" | "crun";

/** What CRIU is told of one mount that comes from outside. */
export interface ExternalMount {
  /** The name by which the dump knows it. */
  key: string;
  /** Where it is taken from on restore; null where the runtime itself says so. */
  source: string | null;
  reason: string;
}

/** Devices that are no way to anything: a container with a user namespace has them from the host. */
const harmlessDevices: ReadonlySet<string> = new Set([
  "/dev/null",
  "/dev/zero",
  "/dev/full",
  "/dev/random",
  "/dev/urandom",
  "/dev/tty",
]);

/**
 * Finds a source for every mount that the dump left to whoever restores it.
 *
 * Both runtimes name bind mounts and cgroups by their destination. Files that are masked are
 * `/dev/null` to runc, and their own path to crun; folders that are masked are mounts of their own
 * to runc, and `…/.empty-directory` to crun. (runc: libcontainer/criu_linux.go, addMaskPaths; crun:
 * src/libcrun/criu.c, register_masked_paths_mounts.) Each restores its own names only, so all others
 * go into a configuration file of CRIU's, which both hand on.
 * @param destinations of the bundle's bind mounts, which both runtimes map themselves
 * @param emptyFolder a folder of the bundle that stays empty
 * @throws {RefusedError} for a key that CRIU's configuration file has no way to write.
 */
export function externalMounts(
  mounts: readonly Mount[],
  destinations: ReadonlySet<string>,
  emptyFolder: string,
): ExternalMount[] {
  const found = new Map<string, ExternalMount>();
  for (const mount of mounts) {
    const { externalKey: key } = mount;
    if (key === undefined || found.has(key)) continue;
    found.set(key, { key, ...sourceOf(key, mount, destinations, emptyFolder) });
  }
  const result = [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { key, source } of result) if (source !== null) checkKey(key);
  return result;
}

function sourceOf(
  key: string,
  mount: Mount,
  destinations: ReadonlySet<string>,
  emptyFolder: string,
): Omit<ExternalMount, "key"> {
  if (destinations.has(key)) return { source: null, reason: "a bind mount of config.json" };
  if (mount.fstype === "cgroup" || mount.fstype === "cgroup2") {
    return { source: null, reason: "cgroups, which the runtime mounts" };
  }
  if (key.endsWith("/.empty-directory")) {
    return { source: emptyFolder, reason: "an empty folder with which crun masks others" };
  }
  if (isNullDevice(mount) || key === "/dev/null") {
    return { source: "/dev/null", reason: "a masked file" };
  }
  if (harmlessDevices.has(key)) return { source: key, reason: "a device of every machine" };
  if (/^\/(?:proc|sys)(?:\/|$)/.test(key)) {
    return { source: emptyFolder, reason: "a masked folder" };
  }
  return { source: emptyFolder, reason: "unknown to spec.dump, so an empty folder" };
}

/** `/dev/null` over a file: the root of the mount is the device's name in its file system. */
function isNullDevice({ root, fstype }: Mount): boolean {
  return root === "/null" && (fstype === "devtmpfs" || fstype === "tmpfs");
}

/** CRIU splits a line of its file at blanks and ends a key at the first bracket. */
function checkKey(key: string): void {
  if (/^[!-~]+$/.test(key) && !/[[\]"'#\\]/.test(key)) return;
  throw new RefusedError({
    code: "external-mount",
    what: "the dump names a mount in a way that CRIU's configuration cannot",
    found: JSON.stringify(key.slice(0, 200)),
    allowed: "a path without blanks, brackets and quotes",
    next: "restore it with the engine that made it",
  });
}

/** CRIU's configuration file: what neither runtime's command line says. */
export function criuConfiguration(
  external: readonly ExternalMount[],
  options: readonly string[],
): string {
  const lines = external
    .filter(({ source }) => source !== null)
    .map(({ key, source }) => `external mnt[${key}]:${source}\n`);
  return ["# For runc and crun, by the annotation org.criu.config in config.json.\n"]
    .concat(
      options.map((option) => `${option}\n`),
      lines,
    )
    .join("");
}
