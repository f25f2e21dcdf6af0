import { ArchiveError } from "../../base/errors.ts";
import type { ProblemLog } from "../../base/problem.ts";
import { readCore } from "../../criu/core.ts";
import type { ImageFolder } from "../../criu/image-folder.ts";
import type { CriuProcess } from "../../criu/processes.ts";
import type { Messages } from "../../criu/schema/types.ts";
import { aarch64 } from "./aarch64.ts";
import type { Machine, ThreadRegisters } from "./machine.ts";
import { x8664 } from "./x86-64.ts";

const machines: readonly Machine[] = [x8664, aarch64];

/** A thread that a core file can show. */
interface CoreThread {
  tid: number;
  core: Messages["core_entry"];
  registers: ThreadRegisters;
}

/**
 * The architecture of a process, by the first of its core images that can be read.
 * @throws ArchiveError where there is none, or it is one that we have no layout of.
 */
export async function machineOf(folder: ImageFolder, process: CriuProcess): Promise<Machine> {
  let name = process.architecture;
  for (let at = 0; name === undefined && at < process.threads.length; at++) {
    name = await architectureOf(folder, process.threads[at] as number);
  }
  const machine = machines.find((each) => each.name === name);
  if (machine !== undefined) return machine;
  throw new ArchiveError({
    what:
      name === undefined
        ? `no core image of process ${process.pid} can be read, so its architecture is not known`
        : "a core file of this architecture cannot be written",
    where: { member: folder.label(`core-${process.pid}.img`) },
    ...(name === undefined ? {} : { found: name }),
    allowed: machines.map((each) => each.name).join(", "),
    next: "write the memory without registers: cryoscope memory dump",
  });
}

async function architectureOf(folder: ImageFolder, tid: number): Promise<string | undefined> {
  const source = folder.open(`core-${tid}.img`);
  if (source === undefined) return undefined;
  try {
    return (await readCore(source))?.architecture;
  } catch (error) {
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}

/**
 * The threads of a process, its first one first. One that has no registers here is left out with
 * a problem.
 */
export async function* coreThreads(
  folder: ImageFolder,
  process: CriuProcess,
  machine: Machine,
  problems: ProblemLog,
): AsyncGenerator<CoreThread> {
  for (const tid of process.threads) {
    const member = folder.label(`core-${tid}.img`);
    const report: Report = (severity, what) => {
      const message = `thread ${tid} ${what}`;
      problems.add({ severity, code: "core-thread", message, where: { member } });
    };
    try {
      const thread = await readThread(folder, tid, machine, report);
      if (thread !== undefined) yield thread;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      problems.addFault("broken-image", error, { member });
    }
  }
}

type Report = (severity: "error" | "warning", what: string) => void;

async function readThread(
  folder: ImageFolder,
  tid: number,
  machine: Machine,
  report: Report,
): Promise<CoreThread | undefined> {
  const source = folder.open(`core-${tid}.img`);
  const core = source === undefined ? undefined : await readCore(source);
  if (core === undefined) {
    report("error", `is left out: its image is ${source === undefined ? "missing" : "empty"}`);
    return undefined;
  }
  const { architecture, entry } = core;
  const registers = architecture === machine.name ? machine.registers(entry) : undefined;
  if (registers === undefined) {
    report("error", `is left out: it has no registers of ${machine.name} (${architecture})`);
    return undefined;
  }
  for (const fault of registers.faults) report("warning", fault);
  return { tid, core: entry, registers };
}
