import { valueAt } from "../../base/json-object.ts";
import { formatBytes } from "../../base/units.ts";
import { textAt } from "../../runtime/documents.ts";
import type { PodFacts } from "./facts.ts";
import type { Container } from "./pod.ts";
import { container, type FieldPath, type Remarks } from "./remarks.ts";

const MiB = 1024 ** 2;
const at: FieldPath = [...container, "resources"];

type Quantities = Record<string, string>;

/** Limits and requests, from the control groups of the container. */
export function resources(facts: PodFacts, remarks: Remarks): NonNullable<Container["resources"]> {
  const asked = valueAt(facts.spec?.document, "linux", "resources");
  const limits: Quantities = {};
  const requests: Quantities = {};
  addCpu(facts, limits, requests);
  addHugePages(asked, limits);
  addMemory(asked, facts, { limits, requests }, remarks);
  addDevices(facts, limits, remarks);
  const { cpuLimitMilli, cpuShares, memoryLimitBytes } = facts.needs.resources;
  const sources = [
    ...(limits.cpu === undefined ? [] : [cpuLimitMilli.evidence]),
    ...(requests.cpu === undefined ? [] : [cpuShares.evidence]),
    ...(limits.memory === undefined ? [] : [memoryLimitBytes.evidence]),
  ];
  if (sources.length > 0) remarks.note(at, `${sources.join(", ")}.`);
  return {
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
  };
}

/** A number that is there, and says something: runtimes write 0 and -1 for no limit. */
function positive(value: unknown, ...path: string[]): number | undefined {
  const found = valueAt(value, ...path);
  const good = typeof found === "number" && Number.isSafeInteger(found) && found > 0;
  return good ? found : undefined;
}

/** The kubelet makes quotas of limits, and shares of requests: 1024 a processor, 2 for none. */
function addCpu(facts: PodFacts, limits: Quantities, requests: Quantities): void {
  const { cpuShares, cpuLimitMilli } = facts.needs.resources;
  const most = sensible(cpuLimitMilli.value);
  if (most !== undefined) limits.cpu = `${most}m`;
  const shares = sensible(cpuShares.value);
  // The group itself has the kernel's own number where nobody asked for one.
  const asksFor = cpuShares.evidence.startsWith("spec.dump");
  if (shares === undefined || shares <= 2 || !asksFor) return;
  // Shares are rounded down, so what they were made of is rounded up.
  const asked = Math.ceil((shares * 1000) / 1024);
  requests.cpu = `${Math.min(asked, most ?? asked)}m`;
}

/** What a quantity can be written of: foreign numbers may be fractions, or beyond all machines. */
function sensible(value: number | null): number | undefined {
  if (value === null || value > 2 ** 50) return undefined;
  return Math.max(1, Math.round(value));
}

/**
 * The kubelet keeps the request of memory to itself, unless MemoryQoS writes it down; where all
 * requests are limits (Guaranteed) it is known all the same.
 */
function addMemory(
  asked: unknown,
  { needs }: PodFacts,
  { limits, requests }: Record<"limits" | "requests", Quantities>,
  remarks: Remarks,
): void {
  const { memoryLimitBytes, qosClass } = needs.resources;
  const { dumpedBytes } = needs.memory;
  const limit = sensible(memoryLimitBytes.value);
  if (limit !== undefined) limits.memory = bytes(limit);
  const told = unified(asked, "memory.min") ?? positive(asked, "memory", "reservation");
  if (told !== undefined && told <= (limit ?? told)) requests.memory = bytes(told);
  else if (limit !== undefined && qosClass.value === "Guaranteed") requests.memory = bytes(limit);
  else if (limit !== undefined || qosClass.value === "Burstable" || hasPages(limits)) {
    const dumped = Math.max(1, Math.ceil(dumpedBytes / MiB)) * MiB;
    requests.memory = bytes(Math.min(dumped, limit ?? dumped));
    remarks.decide(
      at,
      `requests.memory: the archive does not tell the old request; this is the dumped memory (${formatBytes(dumpedBytes)}), without which it cannot come back.`,
    );
  }
  if (limit !== undefined && limit < dumpedBytes) {
    remarks.decide(
      at,
      `limits.memory is less than the dumped memory (${formatBytes(dumpedBytes)}): the restore would be killed.`,
    );
  }
}

/** Kubernetes gives huge pages only to who asks for memory, or a processor, too. */
function hasPages(limits: Quantities): boolean {
  return Object.keys(limits).some((name) => name.startsWith("hugepages-"));
}

function unified(asked: unknown, name: string): number | undefined {
  const text = textAt(valueAt(asked, "unified"), name);
  if (text === undefined || !/^[1-9]\d{0,14}$/.test(text)) return undefined;
  return Number(text);
}

/** Whole mebibytes as such: people write them, and nobody reads 67108864. */
function bytes(count: number): string {
  return count % MiB === 0 ? `${count / MiB}Mi` : String(count);
}

function addHugePages(asked: unknown, limits: Quantities): void {
  const list = valueAt(asked, "hugepageLimits");
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    const size = /^(\d{1,4})([KMG])B$/.exec(textAt(entry, "pageSize") ?? "");
    const limit = positive(entry, "limit");
    if (size === null || limit === undefined || limit >= 2 ** 50) continue;
    const [, count = "", unit = ""] = size;
    const page = Number(count) * 1024 ** (1 + "KMG".indexOf(unit));
    if (limit % page === 0) limits[`hugepages-${count}${unit}i`] = bytes(limit);
  }
}

/** Devices that only a plugin of the kubelet can give. */
function addDevices({ needs }: PodFacts, limits: Quantities, remarks: Remarks): void {
  const others: string[] = [];
  const counts = { "nvidia.com/gpu": 0, "amd.com/gpu": 0 };
  for (const { path, plugin } of needs.devices) {
    if (/^\/dev\/nvidia\d+$/.test(path)) counts["nvidia.com/gpu"] += 1;
    else if (/^\/dev\/dri\/renderD\d+$/.test(path)) counts["amd.com/gpu"] += 1;
    else if (plugin === null) others.push(path);
  }
  for (const [name, count] of Object.entries(counts)) if (count > 0) limits[name] = String(count);
  if (counts["nvidia.com/gpu"] + counts["amd.com/gpu"] > 0) {
    remarks.decide(
      at,
      "The container had GPUs: this asks the usual device plugin for as many. Their state is in the archive only if a plugin of CRIU saved it.",
    );
  }
  if (others.length > 0) {
    const few = others.slice(0, 5).join(", ");
    const more = others.length > 5 ? ` and ${others.length - 5} more` : "";
    remarks.decide(
      container,
      `The container had devices that no field of a pod gives: ${few}${more}. Ask their device plugin, or run it privileged.`,
    );
  }
}
