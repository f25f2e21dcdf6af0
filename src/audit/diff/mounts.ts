import { maskText } from "../../base/mask.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeMounts, type InspectedMount } from "../../checkpoint/inspected-metadata.ts";
import type { Mount } from "../../criu/files/mounts.ts";
import { type Change, compareLists, type Item, inOrder } from "./change.ts";
import type { Pairing } from "./pairing.ts";

interface MountId {
  mountpoint: string;
  /** Mount namespace of the dump; null for what the specification alone knows. */
  namespaceId: number | null;
}

/** What is compared of a mount: what CRIU saw, and what the runtime was told. */
export interface MountFacts {
  fstype: string | null;
  /** Passwords masked unless revealed. */
  source: string | null;
  root: string | null;
  options: string | null;
  flags: string[];
  external: boolean;
  externalKey: string | null;
  deleted: boolean;
  /** In the runtime's specification; null where that does not name it. */
  specType: string | null;
  specSource: string | null;
  specOptions: string[] | null;
}

type MountItem = Item<MountId, MountFacts>;
export type MountChange = Change<MountId, MountFacts>;

/** Mounts of every namespace; what the specification says stands with those of the first process. */
async function mountItems(checkpoint: Checkpoint): Promise<MountItem[]> {
  const { mounts, processIds } = await checkpoint.files();
  const spec = new Map(
    describeMounts(await checkpoint.documents.object("spec.dump")).map((mount) => [
      mount.destination,
      mount,
    ]),
  );
  const first = [...processIds.values()].find((ids) => ids.mountNamespaceId !== undefined);
  const own = first?.mountNamespaceId ?? mounts.mounts[0]?.namespaceId;
  // Namespaces are numbered by CRIU, which gives others to another dump: their order tells.
  const places = new Map<number, number>();
  const items = mounts.mounts.map((mount): MountItem => {
    const { namespaceId, mountpoint } = mount;
    const place = places.get(namespaceId) ?? places.size;
    places.set(namespaceId, place);
    const told = namespaceId === own ? spec.get(mountpoint) : undefined;
    if (told !== undefined) spec.delete(mountpoint);
    return {
      key: `${place} ${mountpoint}`,
      id: { mountpoint, namespaceId },
      facts: facts(mount, told),
    };
  });
  for (const told of spec.values()) {
    const { destination: mountpoint } = told;
    items.push({
      key: `0 ${mountpoint}`,
      id: { mountpoint, namespaceId: null },
      facts: facts(undefined, told),
    });
  }
  return items;
}

function facts(mount: Mount | undefined, told: InspectedMount | undefined): MountFacts {
  return {
    fstype: mount?.fstype ?? null,
    source: mount?.source ?? null,
    root: mount?.root ?? null,
    options: mount?.options ?? null,
    flags: mount?.flags ?? [],
    external: mount?.external ?? false,
    externalKey: mount?.externalKey ?? null,
    deleted: mount?.deleted ?? false,
    specType: told?.type ?? null,
    specSource: told?.source ?? null,
    specOptions: told?.options ?? null,
  };
}

export async function compareMounts(pairing: Pairing): Promise<MountChange[]> {
  const changes = compareLists(await mountItems(pairing.before), await mountItems(pairing.after), {
    order: (a, b) =>
      inOrder(a.mountpoint, b.mountpoint) || inOrder(a.namespaceId ?? 0, b.namespaceId ?? 0),
    alike: (field, one, two) =>
      !pairing.oneLife && withoutIds(one[field]) === withoutIds(two[field]),
  });
  if (pairing.reveal) return changes;
  return changes.map((change) => ({
    ...change,
    before: masked(change.before),
    after: masked(change.after),
  }));
}

/**
 * Paths of engines are made of ids of containers, layers and pods: of another container all are
 * others, which says no more than that it is another.
 */
function withoutIds(value: MountFacts[keyof MountFacts]): unknown {
  return typeof value === "string" ? value.replace(ids, "…") : value;
}

const ids =
  /\b(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}|[0-9a-f]{32}|[0-9A-Z]{26}|(?<=\/containers\/[^/]{1,63}\/)[0-9a-f]{8})\b/g;

// Options and sources of network file systems may hold passwords.
function masked(facts: MountFacts | null): MountFacts | null {
  if (facts === null) return null;
  const hide = (text: string | null): string | null => (text === null ? null : maskText(text));
  return {
    ...facts,
    source: hide(facts.source),
    options: hide(facts.options),
    specSource: hide(facts.specSource),
    specOptions: facts.specOptions?.map(maskText) ?? null,
  };
}
