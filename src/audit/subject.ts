import { Once } from "../base/once.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Policy } from "./policy/policy.ts";

/** What a rule is asked about: one open checkpoint, and what the caller said of it. */
export interface SubjectOptions {
  policy: Policy;
  /** Now, in milliseconds since 1970. */
  now: number;
  /** May memory be looked through for secrets? All else is read anyway. */
  memory: boolean;
  /** Show secrets in messages and facts. */
  reveal: boolean;
  /** Told of bytes that were looked at. */
  progress?: (bytes: number) => void;
}

/**
 * One checkpoint under audit. Answers that several rules need are made once: `once(key, make)`.
 * What a checkpoint remembers itself (processes, files, memory) is asked of `checkpoint`.
 */
export class Subject {
  readonly checkpoint: Checkpoint;
  readonly policy: Policy;
  readonly now: number;
  readonly memory: boolean;
  readonly reveal: boolean;
  readonly progress: ((bytes: number) => void) | undefined;
  readonly #once = new Once();

  constructor(checkpoint: Checkpoint, options: SubjectOptions) {
    this.checkpoint = checkpoint;
    this.policy = options.policy;
    this.now = options.now;
    this.memory = options.memory;
    this.reveal = options.reveal;
    this.progress = options.progress;
  }

  once<T>(key: string, make: () => Promise<T>): Promise<T> {
    return this.#once.ask(key, make);
  }
}
