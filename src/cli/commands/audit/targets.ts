import type { BigIntStats } from "node:fs";
import { lstat } from "node:fs/promises";
import { parseDuration } from "../../../audit/policy/forms.ts";
import { Fault, UsageError } from "../../../base/errors.ts";
import { parseTime } from "../../../base/time.ts";
import { findArchives } from "../../../checkpoint/find-archives.ts";

/** An archive that was named, or lies in a folder that was. */
export interface Target {
  path: string;
  /** Undefined for `-`, and for what went meanwhile. */
  stats: BigIntStats | undefined;
}

/** Paths that lead nowhere, or into folders that nobody may read. */
interface Missed {
  path: string;
  fault: Fault;
}

/** What paths stand for, each archive once; a path that leads nowhere does not stop the others. */
export async function findTargets(
  paths: readonly string[],
): Promise<{ targets: Target[]; missed: Missed[] }> {
  const found = new Set<string>();
  const missed: Missed[] = [];
  for (const path of paths) {
    if (path === "-") found.add(path);
    else {
      try {
        for (const archive of await findArchives([path])) found.add(archive);
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault;
        missed.push({ path, fault });
      }
    }
  }
  const targets: Target[] = [];
  for (const path of found) {
    const stats = path === "-" ? undefined : await lstat(path, { bigint: true }).catch(() => {});
    targets.push({ path, stats: stats ?? undefined });
  }
  return { targets, missed };
}

/** Milliseconds since 1970 that `--since` means: a time, a day, or so long before now. */
export function sinceTime(text: string, now: number): number {
  const seconds = parseDuration(text);
  if (seconds !== undefined) return now - seconds * 1000;
  const time = parseTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (time !== undefined) return time;
  throw new UsageError({
    what: `--since ${JSON.stringify(text)} is no time`,
    allowed: "a duration such as 24h or 7d, a day such as 2026-11-22, or a time with its zone",
    next: "cryoscope audit --help",
  });
}

/** Was it written since? What nobody can say that of is looked at. */
export function writtenSince({ stats }: Target, time: number): boolean {
  return stats === undefined || Number(stats.mtimeNs / 1_000_000n) >= time;
}
