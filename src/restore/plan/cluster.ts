import {
  cannotTell,
  isPod,
  needsOf,
  no,
  type PlanRow,
  type PlanSubject,
  some,
  sources,
  yes,
} from "./row.ts";

const need = needsOf("node", sources.scheduler);

/** Whether the scheduler lets a pod onto a node, as far as the node object tells. */
export function clusterRows(subject: PlanSubject): PlanRow[] {
  const api = subject.target?.api;
  if (api === undefined || api === null || !isPod(subject)) return [];
  const rows: PlanRow[] = [];
  const schedulable = need("schedulable", "pods are scheduled there", "not cordoned", {});
  rows.push(
    api.unschedulable
      ? no(
          schedulable,
          "cordoned",
          `kubectl uncordon ${subject.target?.name ?? "NODE"}, or nodeName in the pod`,
        )
      : yes(schedulable, "not cordoned"),
  );
  const barring = api.taints.filter(({ effect }) => effect !== "PreferNoSchedule");
  const taints = need("taints", "the pod tolerates the node's taints", "none, or tolerations", {});
  const names = some(
    barring.map(({ key, value, effect }) => `${key}${value === null ? "" : `=${value}`}:${effect}`),
  );
  rows.push(
    barring.length === 0
      ? yes(taints, "none")
      : no(
          taints,
          names,
          "tolerations in the pod, as restore manifest can be given, or mend what taints it",
        ),
  );
  return [...rows, labelRow(subject, api.labels)].filter((row) => row !== undefined);
}

/** Labels by which the scheduler tells system and architecture. */
function labelRow({ needs }: PlanSubject, labels: Record<string, string>): PlanRow | undefined {
  const { value, evidence } = needs.machine.architecture;
  if (value === null) return undefined;
  const wanted = need(
    "labels",
    "labels name the architecture and Linux",
    `kubernetes.io/arch=${value}`,
    {
      evidence,
      required: false,
    },
  );
  const arch = labels["kubernetes.io/arch"];
  const os = labels["kubernetes.io/os"];
  if (arch === undefined) return cannotTell(wanted, "the node has no such label");
  const found = `${arch}, ${os ?? "no system"}`;
  if (arch === value && (os === undefined || os === "linux")) return yes(wanted, found);
  return no(wanted, found, `a node with kubernetes.io/arch=${value} and kubernetes.io/os=linux`);
}
