import { lstat } from "node:fs/promises";
import { isRemote } from "../../base/remote-name.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { openCheckpoint } from "../../checkpoint/open-checkpoint.ts";
import type { OnDisk } from "../state/questions.ts";
import { type EngineOptions, opened } from "./handler.ts";

/** Archives that stay open at a time: what is on the screen, and what was there before. */
const most = 3;

/** The checkpoints that the UI looks into, opened once each and closed when others take their place. */
export class OpenCheckpoints {
  readonly #options: EngineOptions;
  // In the order of their last use.
  readonly #open = new Map<string, Promise<Checkpoint>>();
  /** What the files looked like when they were opened. */
  readonly #stamps = new Map<string, string | undefined>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /**
   * The checkpoint at a path, opened when it is asked for first.
   * @throws Fault as `openCheckpoint` does; the next call tries again.
   */
  async get(path: string): Promise<Checkpoint> {
    const known = this.#open.get(path);
    const opening = known ?? this.#openNow(path);
    this.#open.delete(path);
    this.#open.set(path, opening);
    try {
      const checkpoint = await opening;
      await this.#closeOldest();
      return checkpoint;
    } catch (error) {
      if (this.#open.get(path) === opening) this.#open.delete(path);
      throw error;
    }
  }

  /** What became of the file behind an open checkpoint. */
  async compare(path: string): Promise<OnDisk> {
    // A server tells when something is read.
    if (isRemote(path)) return "same";
    const stamp = await stampOf(path);
    if (stamp === undefined) return "gone";
    const before = this.#stamps.get(path);
    return before === undefined || stamp === before ? "same" : "changed";
  }

  /** Closes one, so that it is read anew: its file changed. */
  async forget(path: string): Promise<void> {
    const opening = this.#open.get(path);
    this.#stamps.delete(path);
    this.#open.delete(path);
    await close(opening);
  }

  async closeAll(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(all.map(close));
  }

  async #openNow(path: string): Promise<Checkpoint> {
    this.#stamps.set(path, await stampOf(path));
    return openCheckpoint(opened(path, this.#options), this.#options);
  }

  async #closeOldest(): Promise<void> {
    while (this.#open.size > most) {
      const [[path = ""] = []] = this.#open;
      await this.forget(path);
    }
  }
}

/** What tells one state of a file from another; undefined where there is none. */
export async function stampOf(path: string): Promise<string | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(() => undefined);
  return stats && [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" ");
}

async function close(opening: Promise<Checkpoint> | undefined): Promise<void> {
  const checkpoint = await opening?.catch(() => undefined);
  await checkpoint?.close();
}
