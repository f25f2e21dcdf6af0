import { formatCount } from "../../base/units.ts";
import type { FileNeed } from "../needs/files.ts";
import type { MountNeed } from "../needs/mounts.ts";
import {
  cannotTell,
  count,
  isPod,
  needsOf,
  no,
  type PlanNeed,
  type PlanRow,
  type PlanSubject,
  some,
  sources,
  yes,
} from "./row.ts";

const need = needsOf("storage", "CRIU: files-reg.c (Can't open file …, has bad size)");

/** Mounts, and files whose content the archive may not carry. */
export function storageRows(subject: PlanSubject): PlanRow[] {
  return [
    ...subject.needs.mounts.flatMap((mount) => mountRow(subject, mount) ?? []),
    ...sizeRows(subject),
    ...changeRows(subject),
    ...shmRows(subject),
    ...volumeFileRows(subject),
  ];
}

const titles: Partial<Record<MountNeed["kind"], string>> = {
  "service-account": "the token of its service account",
  "empty-dir": "an emptyDir",
  "config-map": "a configMap",
  secret: "a secret",
  projected: "a projected volume",
  "downward-api": "a downwardAPI volume",
  csi: "a volume of CSI",
  "persistent-volume": "a volume",
  "host-path": "a path of the node",
  "podman-volume": "a volume of Podman's",
  "other-pod": "a folder of another pod",
  tmpfs: "a tmpfs",
};

/** Mounts that somebody has to declare; those that every container has are the runtime's. */
function mountRow(subject: PlanSubject, mount: MountNeed): PlanRow | undefined {
  const title = titles[mount.kind];
  if (title === undefined) return undefined;
  const { destination, source, volume, readOnly, evidence, shape } = mount;
  const name = volume === null ? "" : ` ${volume}`;
  const wanted = need(
    "mount",
    `${title}${name} at ${destination}`,
    `${readOnly ? "read-only" : "writable"}${shape === null ? "" : `, a ${shape}`}`,
    { evidence, required: false, source: isPod(subject) ? sources.crio : sources.podman },
  );
  if (mount.kind === "tmpfs") return yes(wanted, "CRIU makes and fills it from the dump");
  if (mount.carriedBy !== null) return yes(wanted, `${mount.carriedBy} carries it`);
  if (mount.kind === "host-path" && source !== null && subject.look !== undefined) {
    return pathRow({ ...wanted, required: true }, source, subject.look(source));
  }
  return cannotTell(wanted, reasonOf(subject, mount), remedyOf(subject, mount));
}

function pathRow(wanted: PlanNeed, path: string, there: boolean | undefined): PlanRow {
  if (there === undefined) return cannotTell(wanted, `${path} cannot be looked at`);
  if (there) return yes(wanted, `${path} is there`);
  return no(wanted, `no ${path}`, `bring ${path} from the node of the dump`);
}

function reasonOf(subject: PlanSubject, { content }: MountNeed): string {
  if (!isPod(subject)) return "whoever restores gives it";
  return content === "cluster"
    ? "the pod that restores declares it, and the object has to be there"
    : "the pod that restores declares it, and its content is not in the archive";
}

function remedyOf(subject: PlanSubject, { destination, kind, source, volume }: MountNeed): string {
  if (subject.runtime === "podman") {
    return `podman volume create ${volume ?? "NAME"} and fill it, or make ${source ?? destination}`;
  }
  if (!isPod(subject)) return `restore bundle puts an empty one at ${destination}, to be filled`;
  const token = kind === "service-account" ? " (the kubelet adds it by itself)" : "";
  return `mountPath: ${destination} in the pod, as restore manifest writes it${token}`;
}

function sizeRows({ needs: { files } }: PlanSubject): PlanRow[] {
  return files
    .filter(({ state }) => state === "other-size")
    .map(({ path, sizeBytes, savedBytes, evidence }) =>
      no(
        need("file-size", `${path} has the size of the dump`, sizeText(sizeBytes), { evidence }),
        `${sizeText(savedBytes)} in rootfs-diff.tar`,
        "checkpoint again while nobody writes to it; or put the file as it was into the image",
      ),
    );
}

function sizeText(bytes: number | null): string {
  return bytes === null ? "?" : `${formatCount(bytes)} bytes`;
}

/** Podman and CRI-O save new files, and lose changes to files of the image. */
function changeRows({ needs: { files } }: PlanSubject): PlanRow[] {
  const doubtful = files.filter(({ state }) => state === "maybe-lost");
  const [first] = doubtful;
  if (first === undefined) return [];
  const wanted = need(
    "changed-files",
    "files of the image that are open for writing are as they were",
    pathsOf(doubtful),
    { evidence: first.evidence, source: sources.lost },
  );
  return [
    cannotTell(
      wanted,
      "they are not in rootfs-diff.tar: a change to them is lost, none is not",
      "compare their sizes with the image's; where they differ, put them into the image",
    ),
  ];
}

function shmRows(subject: PlanSubject): PlanRow[] {
  const files = subject.needs.files.filter(({ from }) => from === "dev-shm");
  const absent = files.filter(({ state }) => state === "absent");
  const [first] = files;
  if (first === undefined) return [];
  const wanted = need("shared-memory", "files of /dev/shm are there", pathsOf(files), {
    evidence: first.evidence,
  });
  if (absent.length === 0) return [yes(wanted, "devshm-checkpoint.tar carries them")];
  const found = `${count(absent.length, "file is", "files are")} not in the archive`;
  const remedy = "have the program use memory without a name (memfd_create), and checkpoint again";
  if (isPod(subject)) return [no(wanted, found, remedy)];
  return [cannotTell(wanted, found, "put them into the bundle's /dev/shm, as they were")];
}

function volumeFileRows({ needs: { files } }: PlanSubject): PlanRow[] {
  const byMount = new Map<string, FileNeed[]>();
  for (const file of files) {
    if ((file.from !== "volume" && file.from !== "host") || file.state !== "absent") continue;
    const some = byMount.get(file.mountpoint) ?? [];
    some.push(file);
    byMount.set(file.mountpoint, some);
  }
  return [...byMount].map(([mountpoint, inUse]) =>
    cannotTell(
      need("volume-files", `files in use are on what is mounted at ${mountpoint}`, pathsOf(inUse), {
        evidence: inUse[0]?.evidence ?? null,
        source: "criu#1745",
      }),
      "the archive does not hold them",
      "mount the same volume, or a copy of what it held at the checkpoint",
    ),
  );
}

function pathsOf(files: readonly FileNeed[]): string {
  // A file that is open and mapped is there twice.
  const words = files.map(({ path, sizeBytes }) =>
    sizeBytes === null ? path : `${path} (${formatCount(sizeBytes)} bytes)`,
  );
  return some([...new Set(words)]);
}
