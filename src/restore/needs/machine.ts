import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { Asked } from "../../checkpoint/needs/asked.ts";
import { readDumpLog } from "../../checkpoint/needs/dump-log.ts";
import { platformOf } from "../../checkpoint/needs/platform.ts";
import { partsInUse } from "../../checkpoint/needs/processor-state.ts";
import { readTasks } from "../../checkpoint/needs/tasks.ts";
import { readCpuinfo } from "../../criu/cpuinfo.ts";
import { type Fact, known, unknown } from "../../node/facts.ts";
import { fact, imageLabel } from "./evidence.ts";

/** What the dump asks of the machine. */
export interface MachineNeeds {
  /** As Go and Kubernetes write it: amd64, arm64. */
  architecture: Fact<string>;
  /** Release of the kernel that the dump was made on. */
  kernel: Fact<string>;
  /** Bytes. */
  pageSize: Fact<number>;
  /** Vendor and model of the processor of the dump, for people. */
  processor: Fact<string>;
  /** Parts of the processor's state that processes have in use, on x86-64. */
  features: ProcessorFeature[];
  /** Flags that CRIU compares, where the dump was made with `--cpu-cap`: names of /proc/cpuinfo. */
  comparedFlags: Fact<string[]>;
}

interface ProcessorFeature {
  /** `AVX-512`. */
  name: string;
  /** Flags of /proc/cpuinfo that a processor with it has. */
  flags: string[];
  /** Processes with it in use. */
  pids: number[];
  evidence: string;
}

export async function machineNeeds(asked: Asked): Promise<MachineNeeds> {
  const { checkpoint } = asked;
  const log = await readDumpLog(asked);
  const cpuinfo = await readCpuinfo(checkpoint.images);
  const noLog = "the archive has no dump.log that tells";
  const model = cpuinfo?.model ?? log?.model;
  const vendor = cpuinfo?.vendor ?? log?.vendor;
  const names = [vendor, model].filter((name) => name !== undefined).join(" ");
  const cpuinfoLabel = imageLabel(checkpoint, "cpuinfo.img");
  return {
    architecture: await architecture(checkpoint),
    kernel: fact(log?.kernel, "dump.log", noLog),
    pageSize: await pageSize(checkpoint),
    processor: fact(
      names === "" ? undefined : names,
      cpuinfo === undefined ? "dump.log" : cpuinfoLabel,
      noLog,
    ),
    features: await features(asked),
    comparedFlags: fact(cpuinfo?.flags, cpuinfoLabel, "the dump was made without --cpu-cap"),
  };
}

async function architecture(checkpoint: Checkpoint): Promise<Fact<string>> {
  const process = (await checkpoint.processes()).find((it) => it.architecture !== undefined);
  if (process?.architecture === undefined) return unknown("no core image names it");
  const name = platformOf(process.architecture) ?? process.architecture.toLowerCase();
  return known(name, imageLabel(checkpoint, `core-${process.pid}.img`));
}

async function pageSize(checkpoint: Checkpoint): Promise<Fact<number>> {
  const process = (await checkpoint.processes()).find(({ layout }) => layout?.pageSize);
  return fact(
    process?.layout?.pageSize,
    imageLabel(checkpoint, `mm-${process?.pid}.img`),
    "no process says its page size",
  );
}

async function features(asked: Asked): Promise<ProcessorFeature[]> {
  const found = new Map<string, ProcessorFeature>();
  for (const { process, processorState } of await readTasks(asked)) {
    for (const { name, flags } of partsInUse(processorState)) {
      const known = found.get(name);
      if (known !== undefined) known.pids.push(process.pid);
      else {
        const evidence = imageLabel(asked.checkpoint, `core-${process.pid}.img`);
        found.set(name, { name, flags: [...flags], pids: [process.pid], evidence });
      }
    }
  }
  return [...found.values()];
}
