import { ArchiveError } from "../../base/errors.ts";
import type { ProblemLog } from "../../base/problem.ts";
import { readCore, type TaskCore } from "../core.ts";
import type { Decoded } from "../decode.ts";
import type { ImageFolder } from "../image-folder.ts";
import type { CriuProcess } from "../processes.ts";
import type { MessageName } from "../schema/schema.ts";
import type { Messages } from "../schema/types.ts";
import { collectEntries, missingImage } from "./entries.ts";
import { readEnvironment, type Variable } from "./environment.ts";
import type { FilePath } from "./file-paths.ts";
import { readNamespaces, readSharedObjects } from "./namespaces.ts";
import { readPendingSignals } from "./pending-signals.ts";
import type { ProcessDetails } from "./process-details.ts";
import { readResourceLimits } from "./resource-limits.ts";
import { readSharedImages, type SharedImages } from "./shared-images.ts";
import { readSignalHandlers } from "./signal-handlers.ts";
import { signalName } from "./signals.ts";
import { type OldThreadImages, readThread, type Thread } from "./threads.ts";
import { readIntervalTimers, readPosixTimers } from "./timers.ts";

/**
 * Reads single processes, each part when it is asked for and once. What is missing or broken
 * becomes a problem, and the rest is shown.
 */
export class ProcessReader {
  readonly #folder: ImageFolder;
  readonly #problems: ProblemLog;
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(folder: ImageFolder, problems: ProblemLog) {
    this.#folder = folder;
    this.#problems = problems;
  }

  /** One process in full. */
  details(process: CriuProcess): Promise<ProcessDetails> {
    return this.#once(`details ${process.pid}`, () => this.#details(process));
  }

  /** The program of a process; null for a zombie, and where the images do not say. */
  executable(process: CriuProcess): Promise<FilePath | null> {
    return this.#once(`executable ${process.pid}`, async () => {
      if (process.layout === undefined) return null;
      const { files } = await this.#shared();
      const what = `the program of process ${process.pid}`;
      const image = this.#label(`mm-${process.pid}.img`);
      return files.find(process.layout.entry.exe_file_id, what, image);
    });
  }

  /** Effective user id; null where the images do not say. */
  async effectiveUid(process: CriuProcess): Promise<number | null> {
    const core = await this.#ownCore(process);
    const creds = core?.entry.thread_core?.creds ?? (await this.#oldCredentials(process.pid));
    return creds?.euid ?? null;
  }

  /** The environment; undefined where its pages are not at hand. */
  environment(process: CriuProcess): Promise<Variable[] | undefined> {
    return this.#once(`environment ${process.pid}`, () => {
      const member = this.#label(`mm-${process.pid}.img`);
      return this.#attempt(member, () =>
        readEnvironment(process.space, process.layout, member, this.#problems),
      );
    });
  }

  async #details(process: CriuProcess): Promise<ProcessDetails> {
    const { pid } = process;
    const core = await this.#ownCore(process);
    const member = this.#label(`core-${pid}.img`);
    const tc = core?.entry.tc;
    const architecture = core?.architecture;
    const problems = this.#problems;
    const queue =
      tc?.signals_s?.signals ?? (await this.#old(`signal-s-${pid}.img`, "siginfo_entry"));
    return {
      process,
      architecture: architecture ?? null,
      stopSignal: tc?.stop_signo === undefined ? null : signalName(tc.stop_signo, architecture),
      personality: tc?.personality ?? null,
      loginUid: tc?.loginuid === undefined || tc.loginuid === unsetUid ? null : tc.loginuid,
      oomScoreAdj: tc?.oom_score_adj ?? null,
      childSubreaper: tc?.child_subreaper ?? null,
      dumpable: process.layout?.entry.dumpable ?? null,
      environment: (await this.environment(process)) ?? null,
      executable: await this.executable(process),
      ...(await this.#folders(process)),
      ...(await this.#ids(process, core)),
      limits: readResourceLimits(
        tc?.rlimits?.rlimits ?? (await this.#old(`rlimit-${pid}.img`, "rlimit_entry")) ?? [],
        architecture,
        member,
        problems,
      ),
      signalHandlers: readSignalHandlers(
        await this.#signalActions(pid, tc),
        architecture,
        member,
        problems,
      ),
      pendingSignals: readPendingSignals(queue ?? [], architecture, member, problems),
      ...(await this.#timers(pid, tc, architecture)),
      threads: await this.#threads(process, core),
    };
  }

  async #signalActions(
    pid: number,
    tc: Messages["task_core_entry"] | undefined,
  ): Promise<readonly Messages["sa_entry"][]> {
    if (tc !== undefined && tc.sigactions.length > 0) return tc.sigactions;
    return (await this.#old(`sigacts-${pid}.img`, "sa_entry")) ?? [];
  }

  async #timers(
    pid: number,
    tc: Messages["task_core_entry"] | undefined,
    architecture: string | undefined,
  ): Promise<Pick<ProcessDetails, "intervalTimers" | "posixTimers">> {
    const timers = tc?.timers;
    const interval =
      timers === undefined
        ? await this.#old(`itimers-${pid}.img`, "itimer_entry")
        : [timers.real, timers.virt, timers.prof];
    const posix =
      timers?.posix ?? (await this.#old(`posix-timers-${pid}.img`, "posix_timer_entry"));
    return {
      intervalTimers: readIntervalTimers(interval ?? []),
      posixTimers: readPosixTimers(posix ?? [], architecture),
    };
  }

  /** Working folder, root and umask: zombies have none. */
  async #folders({
    pid,
    state,
  }: CriuProcess): Promise<Pick<ProcessDetails, "workingFolder" | "root" | "umask">> {
    const none = { workingFolder: null, root: null, umask: null };
    if (state === "zombie") return none;
    const image = `fs-${pid}.img`;
    const entry = await this.#needed(image, "fs_entry");
    if (entry === undefined) return none;
    const { files } = await this.#shared();
    const member = this.#label(image);
    return {
      workingFolder: files.find(entry.cwd_id, `the working folder of process ${pid}`, member),
      root: files.find(entry.root_id, `the root folder of process ${pid}`, member),
      umask: entry.umask ?? null,
    };
  }

  async #ids(
    { pid, state }: CriuProcess,
    core: TaskCore | undefined,
  ): Promise<Pick<ProcessDetails, "namespaces" | "sharedObjects">> {
    const none = { namespaces: [], sharedObjects: null };
    if (state === "zombie") return none;
    const ids = core?.entry.ids ?? (await this.#needed(`ids-${pid}.img`, "task_kobj_ids_entry"));
    if (ids === undefined) return none;
    const { hostIds } = await this.#shared();
    return { namespaces: readNamespaces(ids, hostIds), sharedObjects: readSharedObjects(ids) };
  }

  async #threads(process: CriuProcess, own: TaskCore | undefined): Promise<Thread[]> {
    const threads: Thread[] = [];
    if (process.state === "zombie") return threads;
    const shared = await this.#shared();
    for (const tid of process.threads) {
      const image = `core-${tid}.img`;
      const core = tid === process.pid ? own : await this.#threadCore(image);
      if (core === undefined) continue;
      const { entry, architecture } = core;
      const old = await this.#oldThread(tid, process.pid);
      const source = { tid, core: entry, architecture, member: this.#label(image) };
      threads.push(readThread(source, old, shared, this.#problems));
    }
    return threads;
  }

  /** What CRIU before 2.0 wrote beside the core of a thread. */
  async #oldThread(tid: number, pid: number): Promise<OldThreadImages> {
    const pending = await this.#old(`signal-p-${tid}.img`, "siginfo_entry");
    return { credentials: await this.#oldCredentials(pid), pending };
  }

  /** All threads of a process had the same then. */
  async #oldCredentials(pid: number): Promise<Messages["creds_entry"] | undefined> {
    return (await this.#old(`creds-${pid}.img`, "creds_entry"))?.[0];
  }

  /** The core of a process's first thread. `readProcesses` has told what is wrong with it. */
  async #ownCore({ pid }: CriuProcess): Promise<TaskCore | undefined> {
    const source = this.#folder.open(`core-${pid}.img`);
    if (source === undefined) return undefined;
    try {
      return await readCore(source);
    } catch (error) {
      if (error instanceof ArchiveError) return undefined;
      throw error;
    }
  }

  async #threadCore(image: string): Promise<TaskCore | undefined> {
    const source = this.#folder.open(image);
    if (source !== undefined) return this.#attempt(this.#label(image), () => readCore(source));
    missingImage(this.#folder, image, "which its thread needs", this.#problems);
    return undefined;
  }

  /** The first entry of an image that every live process has. */
  async #needed<Name extends MessageName>(
    image: string,
    name: Name,
  ): Promise<Decoded<Name> | undefined> {
    const entries = await this.#old(image, name);
    if (entries === undefined) {
      missingImage(this.#folder, image, "which its process needs", this.#problems);
    }
    return entries?.[0];
  }

  /** The entries of an image that may be there. */
  #old<Name extends MessageName>(image: string, name: Name): Promise<Decoded<Name>[] | undefined> {
    return this.#once(image, () => collectEntries(this.#folder, image, name, this.#problems));
  }

  #shared(): Promise<SharedImages> {
    return this.#once("shared", () => readSharedImages(this.#folder, this.#problems));
  }

  #label(image: string): string {
    return this.#folder.label(image);
  }

  async #attempt<T>(member: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#problems.addFault("broken-image", error, { member });
      return undefined;
    }
  }

  #once<T>(key: string, answer: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key);
    if (known !== undefined) return known as Promise<T>;
    const asking = answer();
    this.#answers.set(key, asking);
    return asking;
  }
}

/** `(uid_t) -1`: nobody logged in. */
const unsetUid = 0xffff_ffff;
