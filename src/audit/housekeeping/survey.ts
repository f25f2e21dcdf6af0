import type { BigIntStats } from "node:fs";
import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { Fault } from "../../base/errors.ts";
import { parseTime } from "../../base/time.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { type CheckpointOptions, openCheckpoint } from "../../checkpoint/open-checkpoint.ts";
import { closedSummary } from "../../checkpoint/summary.ts";
import { matchesAny } from "../policy/pattern.ts";
import { pinOf } from "./pins.ts";
import type { PruneHolding } from "./plan.ts";

/** What a file was when it was judged, so that nothing else is deleted in its stead. */
export type Judged = Pick<BigIntStats, "dev" | "ino" | "size" | "mtimeNs">;

/** An archive with the file that it was. */
export interface SurveyedHolding extends PruneHolding {
  file: Judged;
}

type Stays = PruneHolding["stays"];
type Identity = Pick<PruneHolding, "container" | "pod" | "namespace" | "checkpointedAt">;

/**
 * Looks at archives for a prune: whose they are, and whether they may be deleted at all. Reads no
 * more of each than `list` does.
 * @param keep patterns of paths that stay
 */
export async function* surveyArchives(
  paths: readonly string[],
  keep: readonly string[],
  options: CheckpointOptions,
): AsyncGenerator<SurveyedHolding> {
  for (const path of paths) {
    const stats = await lstat(path, { bigint: true }).catch(() => undefined);
    // It went since the folder was read, so it takes no room.
    if (stats === undefined) continue;
    const { identity, stays } = await judgeArchive(path, options);
    yield {
      path,
      folder: dirname(path),
      sizeBytes: Number(stats.size),
      diskBytes: Number(stats.blocks) * 512,
      modifiedAt: Number(stats.mtimeNs / 1_000_000n),
      ...identity,
      stays: (await pinned(path, keep)) ?? linked(stats) ?? stays,
      file: stats,
    };
  }
}

async function pinned(path: string, keep: readonly string[]): Promise<Stays> {
  const pin = await pinOf(path);
  if (pin !== undefined) return { reason: "pinned", detail: `there is ${pin}` };
  return matchesAny(keep, path) ? { reason: "pinned", detail: "the policy keeps it" } : null;
}

function linked(stats: BigIntStats): Stays {
  const { nlink } = stats;
  if (!stats.isFile() || nlink <= 1n) return null;
  const detail = `it has ${nlink} names (hard links), so deleting one frees nothing`;
  return { reason: "hard-linked", detail };
}

async function judgeArchive(
  path: string,
  options: CheckpointOptions,
): Promise<{ identity: Identity; stays: Stays }> {
  let checkpoint: Checkpoint;
  try {
    checkpoint = await openCheckpoint(path, options);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { container, pod, namespace, checkpointedAt } = await closedSummary(path, error);
    const reason = error.kind === "refused" ? "not-private" : "not-a-checkpoint";
    const identity = { container, pod, namespace, checkpointedAt: timeOf(checkpointedAt) };
    return { identity, stays: { reason, detail: error.message } };
  }
  try {
    const { name, pod, namespace, checkpointedAt } = await checkpoint.identity();
    const identity = {
      container: name ?? null,
      pod: pod ?? null,
      namespace: namespace ?? null,
      checkpointedAt: timeOf(checkpointedAt),
    };
    return { identity, stays: await judgeCheckpoint(checkpoint) };
  } finally {
    await checkpoint.close();
  }
}

async function judgeCheckpoint(checkpoint: Checkpoint): Promise<Stays> {
  const { archive, images } = checkpoint;
  const lax = archive.problems.find(({ code }) => code.startsWith("permissions-"));
  if (lax !== undefined) return { reason: "not-private", detail: lax.message };
  if (archive.directory) {
    return { reason: "not-a-checkpoint", detail: "it is a folder, and only files are deleted" };
  }
  const { engine } = await checkpoint.runtime();
  if (images === undefined || engine === "unknown") {
    const detail = "nothing in it says that it is a checkpoint";
    return { reason: "not-a-checkpoint", detail };
  }
  if (images.label("").startsWith("pre-checkpoint")) {
    return { reason: "pre-dump", detail: "a later checkpoint may need its pages" };
  }
  return null;
}

function timeOf(text: string | null | undefined): number | null {
  return text == null ? null : (parseTime(text) ?? null);
}
