import { valueAt } from "../../base/json-object.ts";
import type { Asked } from "../../checkpoint/needs/asked.ts";
import { readSpec } from "../../checkpoint/needs/spec.ts";
import { type Fact, known, unknown } from "../../node/facts.ts";
import type { CgroupNeeds } from "./cgroups.ts";
import { imageLabel } from "./evidence.ts";

/** What the container was allowed to take. Values that mean "no limit" are unknown with that reason. */
export interface ResourceNeeds {
  memoryLimitBytes: Fact<number>;
  /** Shares as cgroup v1 counts them: 1024 are one CPU of a Kubernetes request. */
  cpuShares: Fact<number>;
  /** Thousandths of a CPU: quota by period. */
  cpuLimitMilli: Fact<number>;
  pidsLimit: Fact<number>;
  /** CPUs that it was bound to: `0-3`. */
  cpus: Fact<string>;
  oomScoreAdj: Fact<number>;
  /** Quality of service by the path that the kubelet gave its group. */
  qosClass: Fact<"Guaranteed" | "Burstable" | "BestEffort">;
}

/** The specification first, which is what was asked for; then the groups as they were. */
export async function resourceNeeds(asked: Asked, cgroups: CgroupNeeds): Promise<ResourceNeeds> {
  const document = (await readSpec(asked))?.document;
  const at = (path: string): number | undefined => {
    const value = valueAt(document, ...path.split("/").slice(1));
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
  const cgroup = imageLabel(asked.checkpoint, "cgroup.img");
  const group = (name: string): Candidate => ({
    value: numberOf(cgroups.properties.get(name)),
    evidence: `${cgroup} ${name}`,
  });
  const spec = (path: string): Candidate => ({ value: at(path), evidence: `spec.dump ${path}` });
  const memory = [
    spec("/linux/resources/memory/limit"),
    group("memory.max"),
    group("memory.limit_in_bytes"),
  ];
  return {
    memoryLimitBytes: choose(memory, (bytes) => bytes > 0 && bytes < unlimitedBytes),
    cpuShares: choose([spec("/linux/resources/cpu/shares"), group("cpu.shares")], (it) => it > 0),
    cpuLimitMilli: cpuLimit(spec, group, cgroups.properties.get("cpu.max"), cgroup),
    pidsLimit: choose([spec("/linux/resources/pids/limit"), group("pids.max")], (it) => it > 0),
    cpus: text(valueAt(document, "linux", "resources", "cpu", "cpus")),
    oomScoreAdj: choose([spec("/process/oomScoreAdj")], () => true),
    qosClass: qosClass(cgroups, valueAt(document, "linux", "cgroupsPath")),
  };
}

interface Candidate {
  value: number | undefined;
  evidence: string;
}

/** What the kernel shows where there is no limit: the largest signed number, less a page. */
const unlimitedBytes = 2 ** 62;

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,19}$/.test(text) ? Number(text) : undefined;
}

function choose(
  candidates: readonly Candidate[],
  counts: (value: number) => boolean,
): Fact<number> {
  const told = candidates.filter(({ value }) => value !== undefined);
  const found = told.find(({ value }) => counts(value as number));
  if (found !== undefined) return known(found.value as number, found.evidence);
  return unknown(told[0] === undefined ? "nothing says" : `no limit (${told[0].evidence})`);
}

function cpuLimit(
  spec: (path: string) => Candidate,
  group: (name: string) => Candidate,
  max: string | undefined,
  cgroup: string,
): Fact<number> {
  const [quotaMax, periodMax] = (max ?? "").split(" ").map(numberOf);
  const pairs: [Candidate, number | undefined][] = [
    [spec("/linux/resources/cpu/quota"), spec("/linux/resources/cpu/period").value],
    [{ value: quotaMax, evidence: `${cgroup} cpu.max` }, periodMax],
    [group("cpu.cfs_quota_us"), group("cpu.cfs_period_us").value],
  ];
  const told = pairs.find(
    ([quota, period]) => (quota.value ?? 0) > 0 && period !== undefined && period > 0,
  );
  if (told === undefined) return unknown("no limit");
  const [{ value, evidence }, period] = told;
  return known(Math.round((1000 * (value as number)) / (period as number)), evidence);
}

function text(value: unknown): Fact<string> {
  return typeof value === "string" && value !== ""
    ? known(value, "spec.dump /linux/resources/cpu/cpus")
    : unknown("no limit");
}

/** `/kubepods/besteffort/pod…`, `kubepods-burstable-pod….slice:crio:…`, `/kubepods/pod…`. */
function qosClass({ paths }: CgroupNeeds, given: unknown): ResourceNeeds["qosClass"] {
  const told = [
    { path: typeof given === "string" ? given : "", evidence: "spec.dump /linux/cgroupsPath" },
    ...paths,
  ].find(({ path }) => path.includes("kubepods"));
  if (told === undefined) return unknown("the path of its group is none of a kubelet's");
  const name = /kubepods[-/.a-z]*?(besteffort|burstable)/.exec(told.path)?.[1];
  const qos = name === undefined ? "Guaranteed" : name === "burstable" ? "Burstable" : "BestEffort";
  return known(qos, told.evidence);
}
