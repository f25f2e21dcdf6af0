import { ArchiveError } from "../../base/errors.ts";
import { Once } from "../../base/once.ts";
import type { ProblemLog } from "../../base/problem.ts";
import type { TaskCore } from "../core.ts";
import type { ReadContext } from "../entries.ts";
import type { FileTable } from "../files/file-table.ts";
import type { CriuProcess } from "../processes.ts";
import type { Messages } from "../schema/types.ts";
import { readCredentials } from "./credentials.ts";
import { readEnvironment, type Variable } from "./environment.ts";
import type { FilePath } from "./file-paths.ts";
import { readNamespaces, readSharedObjects } from "./namespaces.ts";
import { readPendingSignals } from "./pending-signals.ts";
import { readPersonality } from "./personality.ts";
import type { ProcessDetails, ProcessRights } from "./process-details.ts";
import { readResourceLimits } from "./resource-limits.ts";
import { readSharedImages, type SharedImages } from "./shared-images.ts";
import { readSignalHandlers } from "./signal-handlers.ts";
import { signalName } from "./signals.ts";
import { TaskImages } from "./task-images.ts";
import { readThread, seccompOf, type Thread } from "./threads.ts";
import { readIntervalTimers, readPosixTimers } from "./timers.ts";

/**
 * Reads single processes, each part when it is asked for and once. What is missing or broken
 * becomes a problem, and the rest is shown.
 */
export class ProcessReader {
  readonly #context: ReadContext;
  readonly #problems: ProblemLog;
  readonly #images: TaskImages;
  readonly #files: () => Promise<FileTable>;
  readonly #once = new Once();

  /** @param files reads the open files, which is asked for when the first path is. */
  constructor(context: ReadContext, files: () => Promise<FileTable>) {
    this.#context = context;
    this.#problems = context.problems;
    this.#images = new TaskImages(context);
    this.#files = files;
  }

  /** One process in full. */
  details(process: CriuProcess): Promise<ProcessDetails> {
    return this.#once.ask(`details ${process.pid}`, () => this.#details(process));
  }

  /** The program of a process; null for a zombie, and where the images do not say. */
  executable(process: CriuProcess): Promise<FilePath | null> {
    return this.#once.ask(`executable ${process.pid}`, async () => {
      if (process.layout === undefined) return null;
      const { files } = await this.#shared();
      const what = `the program of process ${process.pid}`;
      const image = this.#label(`mm-${process.pid}.img`);
      return files.find(process.layout.entry.exe_file_id, what, image);
    });
  }

  /** Effective user id; null where the images do not say. */
  async effectiveUid(process: CriuProcess): Promise<number | null> {
    const core = await this.#images.ownCore(process.pid);
    const creds =
      core?.entry.thread_core?.creds ?? (await this.#images.oldCredentials(process.pid));
    return creds?.euid ?? null;
  }

  /** What a process may do and where it lives, without the rest of `details`. */
  rights(process: CriuProcess): Promise<ProcessRights> {
    return this.#once.ask(`rights ${process.pid}`, async () => {
      const core = await this.#images.ownCore(process.pid);
      const member = this.#label(`core-${process.pid}.img`);
      const creds =
        core?.entry.thread_core?.creds ?? (await this.#images.oldCredentials(process.pid));
      const shared = await this.#shared();
      return {
        known: core !== undefined,
        credentials: creds === undefined ? null : readCredentials(creds, member, this.#problems),
        seccomp: core === undefined ? null : seccompOf(core.entry, member, shared, this.#problems),
        namespaces: (await this.#ids(process, core)).namespaces,
        processorState: await this.#processorState(process, core),
      };
    });
  }

  /** What any of its threads has in use. */
  async #processorState(process: CriuProcess, own: TaskCore | undefined): Promise<bigint> {
    let state = 0n;
    for (const tid of process.threads) {
      const core = tid === process.pid ? own : await this.#images.threadCore(tid);
      state |= core?.entry.thread_info?.fpregs.xsave?.xstate_bv ?? 0n;
    }
    return state;
  }

  /** The environment; undefined where its pages are not at hand. */
  environment(process: CriuProcess): Promise<Variable[] | undefined> {
    return this.#once.ask(`environment ${process.pid}`, () => {
      const member = this.#label(`mm-${process.pid}.img`);
      return this.#attempt(member, () =>
        readEnvironment(process.space, process.layout, member, this.#problems),
      );
    });
  }

  async #details(process: CriuProcess): Promise<ProcessDetails> {
    const { pid } = process;
    const core = await this.#images.ownCore(process.pid);
    const member = this.#label(`core-${pid}.img`);
    const tc = core?.entry.tc;
    const architecture = core?.architecture;
    const problems = this.#problems;
    const queue =
      tc?.signals_s?.signals ??
      (await this.#images.optional(`signal-s-${pid}.img`, "siginfo_entry"));
    return {
      process,
      architecture: architecture ?? null,
      stopSignal: tc?.stop_signo === undefined ? null : signalName(tc.stop_signo, architecture),
      ...readPersonality(tc?.personality),
      loginUid: tc?.loginuid === undefined || tc.loginuid === unsetUid ? null : tc.loginuid,
      oomScoreAdj: tc?.oom_score_adj ?? null,
      childSubreaper: tc?.child_subreaper ?? null,
      dumpable: process.layout?.entry.dumpable ?? null,
      hugePagesDisabled: process.layout?.entry.thp_disabled ?? null,
      environment: (await this.environment(process)) ?? null,
      executable: await this.executable(process),
      ...(await this.#folders(process)),
      ...(await this.#ids(process, core)),
      limits: readResourceLimits(
        tc?.rlimits?.rlimits ??
          (await this.#images.optional(`rlimit-${pid}.img`, "rlimit_entry")) ??
          [],
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
    return (await this.#images.optional(`sigacts-${pid}.img`, "sa_entry")) ?? [];
  }

  async #timers(
    pid: number,
    tc: Messages["task_core_entry"] | undefined,
    architecture: string | undefined,
  ): Promise<Pick<ProcessDetails, "intervalTimers" | "posixTimers">> {
    const timers = tc?.timers;
    const interval =
      timers === undefined
        ? await this.#images.optional(`itimers-${pid}.img`, "itimer_entry")
        : [timers.real, timers.virt, timers.prof];
    const posix =
      timers?.posix ??
      (await this.#images.optional(`posix-timers-${pid}.img`, "posix_timer_entry"));
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
    const entry = await this.#images.needed(image, "fs_entry");
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
    const ids =
      core?.entry.ids ?? (await this.#images.needed(`ids-${pid}.img`, "task_kobj_ids_entry"));
    if (ids === undefined) return none;
    const { hostIds } = await this.#shared();
    return { namespaces: readNamespaces(ids, hostIds), sharedObjects: readSharedObjects(ids) };
  }

  async #threads(process: CriuProcess, own: TaskCore | undefined): Promise<Thread[]> {
    const threads: Thread[] = [];
    if (process.state === "zombie") return threads;
    const shared = await this.#shared();
    for (const tid of process.threads) {
      const core = tid === process.pid ? own : await this.#images.threadCore(tid);
      if (core === undefined) continue;
      const { entry, architecture } = core;
      const old = await this.#images.oldThread(tid, process.pid);
      const source = { tid, core: entry, architecture, member: this.#label(`core-${tid}.img`) };
      threads.push(readThread(source, old, shared, this.#problems));
    }
    return threads;
  }

  #shared(): Promise<SharedImages> {
    return this.#once.ask("shared", () =>
      this.#files().then((files) => readSharedImages(this.#context, files)),
    );
  }

  #label(image: string): string {
    return this.#context.folder.label(image);
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
}

/** `(uid_t) -1`: nobody logged in. */
const unsetUid = 0xffff_ffff;
