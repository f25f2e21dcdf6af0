import { Fault, type Place } from "./errors.ts";

/**
 * Something wrong that did not stop the reading: shown beside what could be read.
 * `code` is stable and meant for scripts; `message` is for people.
 */
export interface Problem {
  severity: "error" | "warning" | "note";
  code: string;
  message: string;
  where?: Place;
}

/** Problems of one code that are kept although the log is full, so that noise hides no other kind. */
const reserve = 16;

/**
 * Collects problems up to a limit, so that a hostile archive cannot fill memory with them. What is
 * told twice is kept once: some images are read for more than one answer.
 */
export class ProblemLog {
  readonly #problems = new Map<string, Problem>();
  readonly #byCode = new Map<string, number>();
  readonly #limit: number;
  #dropped = 0;

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  add(problem: Problem): void {
    const { message, where } = problem;
    const key = JSON.stringify([message, where?.path, where?.member, where?.entry, where?.offset]);
    if (this.#problems.has(key)) return;
    const known = this.#byCode.get(problem.code) ?? 0;
    if (this.#problems.size >= this.#limit && known >= reserve) {
      this.#dropped += 1;
      return;
    }
    this.#byCode.set(problem.code, known + 1);
    this.#problems.set(key, problem);
  }

  /** Turns a fault into a problem; anything else is our bug and is thrown on. */
  addFault(code: string, error: unknown, place: Place = {}): void {
    if (!(error instanceof Fault)) throw error;
    this.add({
      severity: "error",
      code,
      message: error.message,
      where: { ...place, ...error.detail.where },
    });
  }

  /** All problems so far, with a last one that counts those beyond the limit. */
  list(): Problem[] {
    if (this.#dropped === 0) return [...this.#problems.values()];
    const last: Problem = {
      severity: "warning",
      code: "too-many-problems",
      message: `${this.#dropped} further problems are not listed`,
    };
    return [...this.#problems.values(), last];
  }
}
