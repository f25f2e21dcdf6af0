import { apiVersion } from "../../base/document.ts";
import { type Problem, ProblemLog } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { findProcess } from "../../checkpoint/process-list.ts";
import { joinChain, noteChain, pagePids } from "./chain.ts";
import {
  type CheckpointDiff,
  countChanges,
  type DiffSection,
  diffSections,
} from "./checkpoint-diff.ts";
import { PageComparer } from "./compare-pages.ts";
import { compareDescriptors } from "./descriptors.ts";
import { compareEnvironments } from "./environment.ts";
import { compareFiles } from "./files.ts";
import { compareFindings } from "./findings.ts";
import { compareNamed, sameContainer, sideFacts } from "./identity.ts";
import { compareMemory, type MemoryDiff } from "./memory.ts";
import { compareMounts } from "./mounts.ts";
import { type Pairing, reusedPids } from "./pairing.ts";
import { compareProcesses, type ProcessChange, processItems } from "./processes.ts";
import { compareSockets } from "./sockets.ts";

export interface DiffOptions {
  /** What to compare; all where it is absent. */
  sections?: Iterable<DiffSection>;
  /** Compare the bytes of pages too, which reads all memory of both. */
  pages?: boolean;
  /** Look through memory for secrets, as part of the findings. */
  secrets?: boolean;
  /** When findings are judged, in milliseconds since 1970; now where it is absent. */
  now?: number;
  /** Only this process, in the sections that are about processes. */
  pid?: number;
  /** Show secrets instead of masking them. */
  reveal?: boolean;
  /** Told of bytes of pages that were compared, of both together. */
  progress?: (bytes: number) => void;
}

/**
 * Says what differs between two checkpoints, the first being taken for the earlier. Both stay open.
 * Where one was dumped after the other, pages that it left there count as the same.
 * @throws ArchiveError where neither has the process that `pid` names
 */
export async function diffCheckpoints(
  first: Checkpoint,
  second: Checkpoint,
  options: DiffOptions = {},
): Promise<CheckpointDiff> {
  if (options.pid !== undefined) await requireProcess(options.pid, first, second);
  const chain = await joinChain(first, second);
  const { before, after, later } = chain;
  const wanted = new Set(options.sections ?? diffSections);
  const problems = { before: new ProblemLog(), after: new ProblemLog() };
  noteChain(chain, problems.after);
  const { container, oneLife } = await sameContainer(before, after);
  const sides = { before: await sideFacts(before), after: await sideFacts(after) };
  const preDump = sides.before.preDump || sides.after.preDump;
  const pairing: Pairing = {
    before,
    after,
    // What left pages in the other lived on from there.
    oneLife: oneLife || later !== null,
    later,
    reused: new Set(),
    pid: options.pid,
    reveal: options.reveal === true,
  };
  const processes = preDump ? null : await diffProcesses(pairing);
  /** A pre-dump says nothing of processes. */
  const ask = async <T>(
    section: DiffSection,
    compare: () => Promise<T>,
    ofProcesses = true,
  ): Promise<T | null> => (wanted.has(section) && !(ofProcesses && preDump) ? compare() : null);
  const named = (section: "container" | "image" | "runtime") =>
    ask(section, () => compareNamed(section, before, after), section === "runtime");
  const diff: CheckpointDiff = {
    apiVersion,
    kind: "CheckpointDiff",
    different: false,
    ...sides,
    sameContainer: container,
    chained: later !== null,
    container: await named("container"),
    image: await named("image"),
    runtime: await named("runtime"),
    processes: wanted.has("processes") ? processes : null,
    environment: await ask("environment", () => compareEnvironments(pairing)),
    descriptors: await ask("descriptors", () => compareDescriptors(pairing)),
    sockets: await ask("sockets", () => compareSockets(pairing)),
    mounts: await ask("mounts", () => compareMounts(pairing)),
    memory: await ask("memory", () => diffMemory(pairing, options, problems.after), false),
    files: await ask("files", () => compareFiles(pairing, problems), false),
    findings: await ask("findings", () =>
      compareFindings(pairing, {
        now: options.now ?? Date.now(),
        memory: options.secrets === true,
      }),
    ),
    problems: [],
  };
  diff.different = diffSections.some((section) => countChanges(diff, section) > 0);
  diff.problems = [
    ...placed([...before.problems, ...problems.before.list()], before),
    ...placed([...after.problems, ...problems.after.list()], after),
  ];
  return diff;
}

/** @throws ArchiveError when neither has such a process; what it says is of the second. */
async function requireProcess(pid: number, ...sides: Checkpoint[]): Promise<void> {
  for (const side of sides) {
    if (pagePids(side).includes(pid)) return;
    if ((await side.processes()).some((process) => process.pid === pid)) return;
  }
  await findProcess(sides.at(-1) as Checkpoint, pid);
}

/** Also tells the pairing which pids another program has taken over. */
async function diffProcesses(pairing: Pairing): Promise<ProcessChange[]> {
  const [old, now] = [await processItems(pairing.before), await processItems(pairing.after)];
  pairing.reused = reusedPids(old, now);
  return compareProcesses(old, now, pairing);
}

async function diffMemory(
  pairing: Pairing,
  { pages, progress }: DiffOptions,
  problems: ProblemLog,
): Promise<MemoryDiff> {
  const comparer = new PageComparer(pages === true, pairing.later, progress);
  try {
    return await compareMemory(pairing, comparer, problems);
  } finally {
    await comparer.close();
  }
}

/** Says of which archive a problem is. */
function placed(problems: readonly Problem[], { archive }: Checkpoint): Problem[] {
  // That a pre-dump is one stands with what it is.
  const told = problems.filter(({ code }) => code !== "pre-dump");
  return told.map((problem) => ({
    ...problem,
    where: { path: archive.path, ...problem.where },
  }));
}
