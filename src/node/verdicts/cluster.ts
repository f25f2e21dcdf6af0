import { parseTime } from "../../base/time.ts";
import { formatAge } from "../../base/units.ts";
import type { ApiFacts, NodeFacts } from "../facts.ts";
import { cannotTell, type Need, no, type Verdict, yes } from "./row.ts";

/** Without a heartbeat for so long the controller manager calls a node's state Unknown. */
const graceMs = 50_000;

const need = (id: string, what: string, needed: string, more: Partial<Need> = {}): Need => ({
  id,
  topic: "node",
  what,
  needed,
  source: "kubernetes.io/docs/reference/node/node-status",
  purposes: ["checkpoint", "restore"],
  required: true,
  ...more,
});

/** What the cluster keeps of a node: is it alive, and has it room? */
export function clusterVerdicts({ api }: NodeFacts, now: number): Verdict[] {
  if (api === null) return [];
  const rows = [readyRow(api, now)];
  const lease = leaseRow(api, now);
  if (lease !== undefined) rows.push(lease);
  for (const type of ["DiskPressure", "MemoryPressure", "PIDPressure"]) {
    const condition = api.conditions.find((entry) => entry.type === type);
    const wanted = need(type.toLowerCase(), `no ${type}`, "False", { required: false });
    if (condition?.status === "False") rows.push(yes(wanted, reasonOf(condition)));
    else if (condition?.status === "True") {
      rows.push(
        no(wanted, reasonOf(condition), "free what it lacks: pods are evicted, checkpoints fail"),
      );
    } else
      rows.push(cannotTell(wanted, condition === undefined ? "not told" : reasonOf(condition)));
  }
  return rows;
}

function readyRow({ conditions }: ApiFacts, now: number): Verdict {
  const wanted = need("ready", "the node is ready", "Ready: True");
  const ready = conditions.find(({ type }) => type === "Ready");
  if (ready === undefined) return cannotTell(wanted, "it has no condition Ready");
  const since = parseTime(ready.changedAt ?? "");
  const age = since === undefined ? "" : ` for ${formatAge(now - since)}`;
  const found = `${ready.status}${age}: ${reasonOf(ready)}`;
  if (ready.status === "True") return yes(wanted, found);
  const remedy =
    ready.status === "Unknown"
      ? "the kubelet is silent: look at it on the node (journalctl -u kubelet)"
      : (ready.message ?? "look at the kubelet on the node");
  return no(wanted, found, remedy);
}

/** The heartbeat tells sooner than Ready, and without a controller manager it alone tells. */
function leaseRow({ lease }: ApiFacts, now: number): Verdict | undefined {
  if (lease === null) return undefined;
  const wanted = need("lease", "the kubelet renews its lease", `within ${lease.durationSeconds} s`);
  const renewed = parseTime(lease.renewedAt);
  if (renewed === undefined) return cannotTell(wanted, `renewTime is ${lease.renewedAt}`);
  const age = now - renewed;
  const found = `${formatAge(age)} ago`;
  if (age <= lease.durationSeconds * 1000) return yes(wanted, found);
  const state = age < graceMs ? "late, not yet called Unknown" : "over the grace";
  return no(
    wanted,
    `${found}, ${state}`,
    "the kubelet is silent, or the clocks differ: look at it on the node",
  );
}

function reasonOf({ reason, status }: ApiFacts["conditions"][number]): string {
  return reason ?? status;
}
