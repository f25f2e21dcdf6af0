import { formatTime, parseTime } from "../../../base/time.ts";
import { formatAge } from "../../../base/units.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const clock: Rule = {
  id: "integrity/clock",
  title: "Times contradict one another",
  severity: "medium",
  looksAt:
    "createdTime and checkpointedTime, modification times of inventory.img and of the archive, the clock of this machine",
  why: "A checkpoint from the future, from before its container or older than its own images has times that somebody wrote by hand, or comes from a machine with a wrong clock. Retention by age then fails.",
  remedy:
    "Compare with the node's clock (`timedatectl`) and with the kubelet's log of the checkpoint. For clocks that are known to differ: `thresholds.clockSkew` of the policy.",
  evaluate,
};

/** A large dump is written, packed and noted for minutes. */
const longestDump = 3_600_000;

async function* evaluate({ checkpoint, policy, now }: Subject): AsyncGenerator<Sighting> {
  const skew = policy.thresholds.clockSkew * 1000;
  const identity = await checkpoint.identity();
  const created = parseTime(identity.createdAt ?? "");
  const taken = parseTime(identity.checkpointedAt ?? "");
  const { archive, images } = checkpoint;
  const inventory = archive.find(images?.label("inventory.img") ?? "");
  const written = inventory === undefined ? 0 : inventory.mtime;
  if (taken === undefined) return;
  const facts = { checkpointedAt: identity.checkpointedAt ?? "" };
  if (taken > now + skew) {
    const ahead = formatAge(taken - now);
    const message = `the checkpoint was made at ${identity.checkpointedAt}, ${ahead} from now`;
    yield { message, key: "future", facts };
  }
  if (created !== undefined && created > taken + skew) {
    const message = `the container was made at ${identity.createdAt}, after its checkpoint at ${identity.checkpointedAt}`;
    yield { message, key: "created", facts };
  }
  if (written > 0 && Math.abs(written - taken) > Math.max(skew, longestDump)) {
    const place = inventory === undefined ? [] : [{ member: inventory.name }];
    const message = `the checkpoint was made at ${identity.checkpointedAt}, and CRIU wrote its images at ${show(written)}`;
    yield { message, key: "images", places: place, facts };
  }
  const stored = archive.file?.mtime;
  if (stored !== undefined && stored < taken - skew) {
    const message = `the archive was last written at ${show(stored)}, before the checkpoint at ${identity.checkpointedAt}`;
    yield { message, key: "archive", facts, severity: "low" };
  }
}

/** The farthest time that JavaScript shows; a header may hold any. */
const farthest = 8.64e15;

function show(milliseconds: number): string {
  return Math.abs(milliseconds) > farthest ? "no real time" : formatTime(Math.floor(milliseconds));
}
