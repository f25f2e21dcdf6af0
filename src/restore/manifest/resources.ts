import { formatBytes } from "../../base/units.ts";
import { isObject, textAt, valueAt } from "../../runtime/documents.ts";
import type { PodFacts } from "./facts.ts";
import type { Container } from "./pod.ts";
import { container, type FieldPath, type Remarks } from "./remarks.ts";

const MiB = 1024 ** 2;
const at: FieldPath = [...container, "resources"];

type Quantities = Record<string, string>;

/** Limits and requests, from the control groups that spec.dump asks for. */
export function resources(facts: PodFacts, remarks: Remarks): NonNullable<Container["resources"]> {
  const asked = valueAt(facts.spec?.document, "linux", "resources");
  const limits: Quantities = {};
  const requests: Quantities = {};
  addCpu(asked, limits, requests);
  addMemory(asked, facts, { limits, requests }, remarks);
  addHugePages(asked, limits);
  addGpus(facts, limits, remarks);
  const parts = {
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
  };
  if (Object.keys(parts).length > 0) remarks.note(at, "spec.dump /linux/resources.");
  return parts;
}

/** A number that is there, and says something: runtimes write 0 and -1 for no limit. */
function positive(value: unknown, ...path: string[]): number | undefined {
  const found = valueAt(value, ...path);
  const good = typeof found === "number" && Number.isSafeInteger(found) && found > 0;
  return good ? found : undefined;
}

/** The kubelet makes quotas of limits, and shares of requests: 1024 a processor, 2 for none. */
function addCpu(asked: unknown, limits: Quantities, requests: Quantities): void {
  const quota = positive(asked, "cpu", "quota");
  const period = positive(asked, "cpu", "period") ?? 100_000;
  if (quota !== undefined) limits.cpu = milli(Math.max(1, Math.round((quota * 1000) / period)));
  const shares = positive(asked, "cpu", "shares");
  // Shares are rounded down, so what they were made of is rounded up.
  if (shares !== undefined && shares > 2) requests.cpu = milli(Math.ceil((shares * 1000) / 1024));
  const most = limits.cpu === undefined ? undefined : fromMilli(limits.cpu);
  if (most !== undefined && fromMilli(requests.cpu ?? "0m") > most) requests.cpu = milli(most);
}

function milli(count: number): string {
  return `${count}m`;
}

function fromMilli(quantity: string): number {
  return Number.parseInt(quantity, 10);
}

/**
 * The kubelet keeps the request of memory to itself, unless MemoryQoS writes it down; the QoS class
 * is in the path of the control group.
 */
function addMemory(
  asked: unknown,
  { spec, dumpedBytes }: PodFacts,
  { limits, requests }: Record<"limits" | "requests", Quantities>,
  remarks: Remarks,
): void {
  const limit = positive(asked, "memory", "limit");
  if (limit !== undefined) limits.memory = bytes(limit);
  const told = unified(asked, "memory.min") ?? positive(asked, "memory", "reservation");
  const path = textAt(spec?.document, "linux", "cgroupsPath") ?? "";
  const guaranteed = /kubepods/.test(path) && !/besteffort|burstable/.test(path);
  if (told !== undefined && (limit === undefined || told <= limit)) requests.memory = bytes(told);
  else if (limit !== undefined && guaranteed) requests.memory = bytes(limit);
  else if (!/besteffort/.test(path) || limit !== undefined) {
    const dumped = Math.max(1, Math.ceil(dumpedBytes / MiB)) * MiB;
    requests.memory = bytes(limit === undefined ? dumped : Math.min(dumped, limit));
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
    const size = /^(\d{1,6})([KMG])B$/.exec(textAt(entry, "pageSize") ?? "");
    const limit = isObject(entry) ? positive(entry, "limit") : undefined;
    // Kubernetes takes decimal text of exact bytes, and whole pages of them.
    if (size === null || limit === undefined || limit >= 2 ** 50) continue;
    limits[`hugepages-${size[1]}${size[2]}i`] = bytes(limit);
  }
}

/** Devices that only a device plugin can give. */
function addGpus({ spec }: PodFacts, limits: Quantities, remarks: Remarks): void {
  const devices = spec?.devices ?? [];
  const nvidia = devices.filter(({ path }) => /^\/dev\/nvidia\d+$/.test(path)).length;
  const amd = devices.filter(({ path }) => /^\/dev\/dri\/renderD\d+$/.test(path)).length;
  if (nvidia > 0) limits["nvidia.com/gpu"] = String(nvidia);
  else if (amd > 0 && devices.some(({ path }) => path === "/dev/kfd")) {
    limits["amd.com/gpu"] = String(amd);
  }
  const others = devices.filter(
    ({ path }) => !/^\/dev\/(?:nvidia\d+|dri\/renderD\d+|kfd)$/.test(path),
  );
  if (nvidia > 0 || limits["amd.com/gpu"] !== undefined) {
    remarks.decide(
      at,
      "The container had GPUs (spec.dump /linux/devices): this asks the usual device plugin for as many; their state is in the archive only if a plugin of CRIU saved it.",
    );
  }
  if (others.length > 0) {
    const few = others.slice(0, 5).map(({ path }) => path);
    const more = others.length > 5 ? ` and ${others.length - 5} more` : "";
    remarks.decide(
      at,
      `The container had devices that no field of a pod gives: ${few.join(", ")}${more} (spec.dump /linux/devices). Ask their device plugin, or run privileged.`,
    );
  }
}
