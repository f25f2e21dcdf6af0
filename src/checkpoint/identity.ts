import type { Archive } from "../archive/archive.ts";
import type { TarMember } from "../archive/member.ts";
import type { ProblemLog } from "../base/problem.ts";
import { formatTime } from "../base/time.ts";
import { type FileName, fittingReadings, parseFileName } from "../runtime/file-name.ts";
import type { Identity } from "../runtime/format.ts";

/** Whose checkpoint it is, with what the file name says beside what metadata says. */
export interface NamedIdentity extends Identity {
  /** All readings of the kubelet's file name; undefined for another name. */
  fileName?: FileName;
}

/**
 * Joins what metadata says with what the file is called: metadata first, the name where it is
 * silent. A name that disagrees is a problem.
 */
export function nameIdentity(
  known: Identity,
  { path }: Pick<Archive, "path">,
  problems: ProblemLog,
): NamedIdentity {
  const fileName = parseFileName(path);
  if (fileName === undefined) return known;
  const merged = { pod: known.pod, namespace: known.namespace, container: known.name };
  const [reading, ...others] = fittingReadings(fileName, withoutUndefined(merged));
  if (reading === undefined) {
    const message = disagreement(fileName, merged);
    const where = { path };
    problems.add({ severity: "warning", code: "file-name-disagrees", message, where });
    return { ...known, fileName };
  }
  // Metadata may be silent; a name that can be read in one way only then speaks for it.
  const sure = others.length === 0;
  const named = sure
    ? { pod: reading.pod, namespace: reading.namespace, name: reading.container }
    : { pod: reading.pod };
  return { ...named, checkpointedAt: fileName.time, ...known, fileName };
}

/**
 * Podman notes no time of the dump, so the time at which CRIU wrote the inventory stands for it.
 * @param member the inventory
 */
export function dumpTime(member: TarMember | undefined): { checkpointedAt?: string } {
  const farthest = 8.64e15;
  if (member === undefined || member.mtime <= 0 || member.mtime > farthest) return {};
  return { checkpointedAt: formatTime(Math.floor(member.mtime)) };
}

function disagreement(
  { readings }: FileName,
  known: Record<"pod" | "namespace" | "container", string | undefined>,
): string {
  const says = readings
    .map(({ pod, namespace, container }) => `${namespace}/${pod}/${container}`)
    .join(" or ");
  const is = `${known.namespace ?? "?"}/${known.pod ?? "?"}/${known.container ?? "?"}`;
  return `the file name says ${says}, the metadata ${is}; the metadata is believed`;
}

function withoutUndefined<T extends object>(
  value: T,
): Partial<{ [K in keyof T]: NonNullable<T[K]> }> {
  return Object.fromEntries(
    Object.entries(value).filter(([, entry]) => entry !== undefined),
  ) as Partial<{ [K in keyof T]: NonNullable<T[K]> }>;
}
