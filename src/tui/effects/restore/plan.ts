import { existsSync } from "node:fs";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { apiNodeFacts } from "../../../node/api.ts";
import { answersOf } from "../../../node/from-cluster.ts";
import { gatherPlace, type Place } from "../../../node/gather-place.ts";
import { readNodeFile } from "../../../node/node-file.ts";
import { type RestoreNeeds, restoreNeeds } from "../../../restore/needs.ts";
import { planRestore } from "../../../restore/plan/plan.ts";
import type { PlanRow } from "../../../restore/plan/row.ts";
import type { NeedRow, RestoreTarget } from "../../state/restore.ts";
import { accessTo, meansOf } from "../cluster/log-in.ts";
import type { Handler, Services } from "../handler.ts";

/** What archives ask of any place, read once for all places that they are compared with. */
const needs = new WeakMap<Checkpoint, Promise<RestoreNeeds>>();

function needsOf(checkpoint: Checkpoint): Promise<RestoreNeeds> {
  const known = needs.get(checkpoint);
  if (known !== undefined) return known;
  const reading = restoreNeeds(checkpoint);
  needs.set(checkpoint, reading);
  // Whoever asks again tries again.
  reading.catch(() => needs.delete(checkpoint));
  return reading;
}

/** The plan of `restore plan`, its gravest rows first. */
export const answerRestorePlan: Handler<"restorePlan"> = async (asked, services, { signal }) => {
  const checkpoint = await services.checkpoints.get(asked.path);
  const { facts, look } = await placeOf(asked.target, services, signal);
  const plan = planRestore(await needsOf(checkpoint), facts, {
    now: asked.now,
    problems: checkpoint.problems,
    ...(look === undefined ? {} : { look }),
  });
  return { ...plan, rows: listed(plan.rows) };
};

async function placeOf(
  target: RestoreTarget,
  services: Services,
  signal: AbortSignal,
): Promise<Partial<Place>> {
  switch (target.kind) {
    case "none":
      return {};
    case "host":
      return gatherPlace("/");
    case "node": {
      const means = meansOf(await accessTo(target.context, services), signal);
      return { facts: apiNodeFacts(await answersOf(means, target.name)) };
    }
    case "file":
      return { facts: await readNodeFile(...fileOf(target.text)) };
  }
}

/** `FILE`, or `FILE NAME`; a file whose name has blanks is found all the same. */
function fileOf(text: string): [path: string, name?: string] {
  const match = /^(.*\S)\s+(\S+)$/.exec(text);
  const [, path, name] = match ?? [];
  return path === undefined || name === undefined || existsSync(text) ? [text] : [path, name];
}

/** How grave a row is: what says no comes first, then what cannot be told. */
function rank({ verdict, required }: PlanRow): number {
  return { no: 0, unknown: 2, yes: 4 }[verdict] + (required ? 0 : 1);
}

function listed(rows: readonly PlanRow[]): NeedRow[] {
  const seen = new Map<string, number>();
  return rows
    .map((row) => {
      const name = `${row.id} ${row.what} ${row.needed}`;
      const times = (seen.get(name) ?? 0) + 1;
      seen.set(name, times);
      return { ...row, key: `${name} ${times}` };
    })
    .sort((a, b) => rank(a) - rank(b));
}
