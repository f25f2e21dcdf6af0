import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { describeContent } from "../../checkpoint/content.ts";
import { isPreDump } from "./chain.ts";
import { type Change, compareLists, inOrder } from "./change.ts";

/** One of the two checkpoints: what it is, and figures that are others in each. */
export interface SideFacts {
  path: string;
  sizeBytes: number | null;
  /** Bytes of page images. */
  pageBytes: number;
  checkpointedAt: string | null;
  /** Does it hold pages alone, and nothing of the processes that they belong to? */
  preDump: boolean;
  /** How long the container stood still, in microseconds, and pages that were written. */
  frozenTime: number | null;
  pagesWritten: number | null;
}

interface NamedId {
  name: string;
}

interface NamedFacts {
  value: string | number | boolean | null;
}

/** A fact of the container, of its image or of what made the checkpoint that differs. */
export type NamedChange = Change<NamedId, NamedFacts>;

export async function sideFacts(checkpoint: Checkpoint): Promise<SideFacts> {
  const { archive } = checkpoint;
  const { checkpointedAt } = await checkpoint.identity();
  const statistics = await checkpoint.statistics();
  let pageBytes = 0;
  for (const name of archive.names()) {
    const member = archive.find(name);
    if (member !== undefined && describeContent(member).kind === "pages") pageBytes += member.size;
  }
  return {
    path: archive.path,
    sizeBytes: archive.sizeBytes ?? null,
    pageBytes,
    checkpointedAt: checkpointedAt ?? null,
    preDump: isPreDump(checkpoint),
    frozenTime: statistics?.frozenTime ?? null,
    pagesWritten: statistics?.pagesWritten ?? null,
  };
}

type Named = readonly (readonly [name: string, value: NamedFacts["value"] | undefined])[];

async function containerFacts(checkpoint: Checkpoint): Promise<Named> {
  const it = await checkpoint.identity();
  return [
    ["id", it.id],
    ["name", it.name],
    ["pod", it.pod],
    ["namespace", it.namespace],
    ["podUid", it.podUid],
    ["createdAt", it.createdAt],
    ["restored", it.restored],
    ["restoredAt", it.restoredAt],
  ];
}

async function imageFacts(checkpoint: Checkpoint): Promise<Named> {
  const it = await checkpoint.identity();
  return [
    ["image", it.image],
    ["imageRef", it.imageRef],
    ["imageId", it.imageId],
  ];
}

async function runtimeFacts(checkpoint: Checkpoint): Promise<Named> {
  const { engine } = await checkpoint.runtime();
  const inventory = await checkpoint.inventory();
  const processes = await checkpoint.processes();
  return [
    ["engine", engine],
    ["ociRuntime", (await checkpoint.identity()).ociRuntime],
    ["imageVersion", inventory?.imageVersion],
    ["lsm", inventory?.lsm],
    ["architecture", processes.find(({ architecture }) => architecture)?.architecture],
    ["pageSize", await checkpoint.pageSize()],
  ];
}

const gatherers = { container: containerFacts, image: imageFacts, runtime: runtimeFacts };

/** Compares facts by name; what only one of the two tells is no difference of the container's. */
export async function compareNamed(
  section: keyof typeof gatherers,
  before: Checkpoint,
  after: Checkpoint,
): Promise<NamedChange[]> {
  const gather = gatherers[section];
  const [one, two] = [await gather(before), await gather(after)];
  const items = (list: Named) =>
    list.map(([name, value]) => ({ key: name, id: { name }, facts: { value: value ?? null } }));
  const rank = new Map(one.map(([name], at) => [name, at]));
  return compareLists(items(one), items(two), {
    order: (a, b) => inOrder(rank.get(a.name) ?? 0, rank.get(b.name) ?? 0),
    unknown: ["value"],
  });
}

/** Are they of one container? Null where nobody can tell. */
export async function sameContainer(
  before: Checkpoint,
  after: Checkpoint,
): Promise<{ container: boolean | null; oneLife: boolean }> {
  const [one, two] = [await before.identity(), await after.identity()];
  const oneLife = one.id !== undefined && one.id === two.id && one.restoredAt === two.restoredAt;
  if (oneLife) return { container: true, oneLife };
  // A restored container has an id of its own and keeps its names.
  const names = (it: typeof one): string => JSON.stringify([it.namespace, it.pod, it.name]);
  if (one.name !== undefined && two.name !== undefined) {
    return { container: names(one) === names(two), oneLife };
  }
  if (one.id !== undefined && two.id !== undefined)
    return { container: one.id === two.id, oneLife };
  return { container: null, oneLife };
}
