import { formatBytes } from "../../base/units.ts";
import type { Fact } from "../../node/facts.ts";
import { atLeast, versionNumbers } from "../../node/version.ts";
import {
  cannotTell,
  needsOf,
  no,
  noTarget,
  type PlanNeed,
  type PlanRow,
  type PlanSubject,
  sources,
  yes,
} from "./row.ts";

const need = needsOf("machine", sources.criu);

/** Processor, kernel, page size and memory. */
export function machineRows(subject: PlanSubject): PlanRow[] {
  return [
    architectureRow(subject),
    ...featureRows(subject),
    ...comparedRows(subject),
    pageSizeRow(subject),
    kernelRow(subject),
    memoryRow(subject),
  ];
}

function architectureRow({ needs, target }: PlanSubject): PlanRow {
  const { value, evidence } = needs.machine.architecture;
  const wanted = need("architecture", "the processor is of the same architecture", value ?? "?", {
    evidence,
    source: sources.kernel,
  });
  if (value === null) return cannotTell(wanted, evidence);
  const found = target?.machine.architecture;
  if (found === undefined || found.value === null) {
    return cannotTell(wanted, found?.evidence ?? noTarget);
  }
  if (found.value === value) return yes(wanted, found.value);
  return no(
    wanted,
    found.value,
    `restore on a node with ${value}: a dump never changes processors`,
  );
}

/** Parts of the processor's state that registers of the dump hold. */
function featureRows({ needs, target }: PlanSubject): PlanRow[] {
  return needs.machine.features.map(({ name, flags, pids, evidence }) => {
    const who = `${pids.length === 1 ? "1 process has" : `${pids.length} processes have`} it in use`;
    const wanted = need("processor", `the processor has ${name} (${who})`, flags.join(" "), {
      evidence,
      source: sources.checkFpu,
    });
    return flagsRow(wanted, flags, target?.machine.cpuFeatures);
  });
}

function comparedRows({ needs, target }: PlanSubject): PlanRow[] {
  const { value, evidence } = needs.machine.comparedFlags;
  if (value === null) return [];
  const wanted = need(
    "instructions",
    "the processor has the instructions that CRIU compares",
    `${value.length} flags: ${value.join(" ")}`,
    { evidence, source: sources.checkFpu },
  );
  return [flagsRow(wanted, value, target?.machine.cpuFeatures)];
}

function flagsRow(
  wanted: PlanNeed,
  flags: readonly string[],
  found: Fact<string[]> | undefined,
): PlanRow {
  if (found === undefined || found.value === null) {
    return cannotTell(
      wanted,
      found?.evidence ?? noTarget,
      "look for the flags in /proc/cpuinfo of the node",
    );
  }
  const have = new Set(found.value);
  const missing = flags.filter((flag) => !have.has(flag));
  if (missing.length === 0) return yes(wanted, `all there (${found.evidence})`);
  return no(
    wanted,
    `without ${missing.join(" ")} (${found.evidence})`,
    "restore on a node with the processor of the dump, or a newer one of its maker",
  );
}

function pageSizeRow({ needs, target }: PlanSubject): PlanRow {
  const { value, evidence } = needs.machine.pageSize;
  const wanted = need("page-size", "the kernel has pages of the same size", words(value), {
    evidence,
    source: sources.kernel,
  });
  if (value === null) return cannotTell(wanted, evidence);
  const found = target?.machine.pageSize;
  if (found === undefined || found.value === null) {
    return cannotTell(wanted, found?.evidence ?? noTarget, "getconf PAGESIZE on the node tells");
  }
  if (found.value === value) return yes(wanted, `${words(found.value)} (${found.evidence})`);
  return no(wanted, words(found.value), `boot a kernel with pages of ${words(value)}`);
}

function words(bytes: number | null): string {
  return bytes === null ? "?" : formatBytes(bytes);
}

/** CRIU asks for no kernel by its version; what a younger one gave, an older one may lack. */
function kernelRow({ needs, target }: PlanSubject): PlanRow {
  const { value, evidence } = needs.machine.kernel;
  const wanted = need(
    "kernel",
    "the kernel is not older than that of the dump",
    value === null ? "that of the dump" : `${value} or newer`,
    { topic: "kernel", evidence: value === null ? null : evidence, required: false },
  );
  if (value === null) return cannotTell(wanted, evidence);
  const found = target?.machine.kernel;
  if (found === undefined || found.value === null) {
    return cannotTell(wanted, found?.evidence ?? noTarget);
  }
  const [major = 0, minor = 0] = versionNumbers(value) ?? [];
  if (atLeast(found.value, major, minor) === true) return yes(wanted, found.value);
  return no(
    wanted,
    found.value,
    "what the older kernel lacks shows only in the log of the restore: prefer a node with that kernel",
  );
}

function memoryRow({ needs, target }: PlanSubject): PlanRow {
  const { dumpedBytes } = needs.memory;
  const wanted = need("memory", "there is memory for what was dumped", formatBytes(dumpedBytes), {
    evidence: "page images",
    source: sources.scheduler,
  });
  if (target === undefined) return cannotTell(wanted, noTarget);
  const allocatable = bytesOf(target.api?.allocatable["memory"]);
  const found = target.machine.availableBytes;
  const bytes = allocatable ?? found.value;
  if (bytes === null) return cannotTell(wanted, found.evidence);
  const where = allocatable === null ? `available (${found.evidence})` : "allocatable to pods";
  const text = `${formatBytes(bytes)} ${where}`;
  if (bytes >= dumpedBytes) return yes(wanted, text);
  return no(wanted, text, "restore on a node with more memory, or make room on this one");
}

const steps: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Bytes of a quantity as Kubernetes writes it; null for no such text. */
function bytesOf(quantity: string | undefined): number | null {
  const match = /^(\d{1,18}(?:\.\d{1,9})?)(k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(quantity ?? "");
  return match === null ? null : Math.floor(Number(match[1]) * (steps[match[2] ?? ""] ?? 1));
}
