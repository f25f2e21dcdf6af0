import type { Policy } from "../policy/policy.ts";
import type { Holding } from "./holding.ts";

/** What archives are counted by. */
export const groupKinds = ["container", "pod", "namespace", "directory"] as const;

type GroupKind = (typeof groupKinds)[number];

/** Archives that belong together. */
interface Group<T extends Holding = Holding> {
  kind: GroupKind;
  /** `NAMESPACE/POD/CONTAINER`, as far as there are such names; the path of a folder. */
  name: string;
  holdings: T[];
  bytes: number;
}

/** Archives by container, pod, namespace or folder; those without such a name are in no group. */
export function groupBy<T extends Holding>(holdings: readonly T[], kind: GroupKind): Group<T>[] {
  const groups = new Map<string, Group<T>>();
  for (const holding of holdings) {
    const name = nameOf(holding, kind);
    if (name === null) continue;
    let group = groups.get(name);
    if (group === undefined) {
      group = { kind, name, holdings: [], bytes: 0 };
      groups.set(name, group);
    }
    group.holdings.push(holding);
    group.bytes += holding.sizeBytes;
  }
  return [...groups.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function nameOf({ folder, container, pod, namespace }: Holding, kind: GroupKind): string | null {
  if (kind === "directory") return folder;
  if (kind === "namespace") return namespace;
  const last = kind === "pod" ? pod : container;
  if (last === null) return null;
  const names = kind === "pod" ? [namespace, pod] : [namespace, pod, container];
  return names.filter((name) => name !== null).join("/");
}

/** Bytes that the archives of one group may take; null for any number. */
export function mostBytes({ thresholds }: Policy, kind: GroupKind): number | null {
  return {
    container: thresholds.maxBytesPerContainer,
    pod: thresholds.maxBytesPerPod,
    namespace: thresholds.maxBytesPerNamespace,
    directory: thresholds.maxBytesPerDirectory,
  }[kind];
}
