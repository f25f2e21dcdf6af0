import type { ArchiveAudit } from "../../../audit/audit.ts";
import type { Policy } from "../../../audit/policy/policy.ts";
import {
  type AuditState,
  emptyState,
  fileMark,
  questionHash,
  remember,
  type SeenArchive,
  unchangedSince,
} from "../../../audit/run/state.ts";
import { formatTime } from "../../../base/time.ts";
import type { Io } from "../../io.ts";
import type { AuditCommandOptions } from "./options.ts";
import type { Target } from "./targets.ts";

/** What an audit remembers from one run to the next, where `--state` says where. */
export class Memory {
  readonly #file: string | undefined;
  readonly #before: AuditState;
  readonly #after: AuditState;
  readonly #passing: boolean;
  readonly #now: number;

  private constructor(
    file: string | undefined,
    before: AuditState,
    question: string,
    { passing, now }: { passing: boolean; now: number },
  ) {
    this.#file = file;
    // Another policy, another version: what was found then says nothing.
    this.#before = before.question === question ? before : emptyState(question);
    this.#after = emptyState(question);
    this.#passing = passing;
    this.#now = now;
  }

  static async open(
    { state, changedOnly, memory, permissions }: AuditCommandOptions,
    policy: Policy,
    now: number,
  ): Promise<Memory> {
    const question = questionHash(policy, { memory, permissions });
    const how = { passing: changedOnly === true, now };
    if (state === undefined) return new Memory(state, emptyState(question), question, how);
    const { readState } = await import("../../../audit/run/state-file.ts");
    const before = (await readState(state)) ?? emptyState(question);
    return new Memory(state, before, question, how);
  }

  /** What is known of an archive that needs no second look. */
  unchanged({ path, stats }: Target): SeenArchive | undefined {
    if (!this.#passing || stats === undefined || !stats.isFile()) return undefined;
    const seen = unchangedSince(this.#before, path, fileMark(stats), this.#now);
    if (seen !== undefined) this.#after.archives[path] = seen;
    return seen;
  }

  remember(audit: ArchiveAudit, target: Target | undefined): void {
    if (this.#file === undefined || target?.stats?.isFile() !== true) return;
    const seen = remember(audit, fileMark(target.stats), formatTime(this.#now));
    if (seen !== undefined) this.#after.archives[audit.path] = seen;
  }

  async save(io: Io): Promise<void> {
    if (this.#file === undefined) return;
    const { writeState } = await import("../../../audit/run/state-file.ts");
    await writeState(this.#file, this.#after, io.partial);
  }
}
