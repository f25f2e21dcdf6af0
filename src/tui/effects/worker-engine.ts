import { Worker } from "node:worker_threads";
import { removeTree } from "../../archive/remove-tree.ts";
import type { Question } from "../state/questions.ts";
import type { Engine, Said } from "./engine.ts";
import { failureOf } from "./failure.ts";
import type { EngineOptions } from "./handler.ts";

/** What is sent to the thread that answers. */
export type Told = { ask: number; asked: Question } | { drop: number } | { close: true };

/** What it says: answers, and what it has begun to write and is not whole yet. */
export type Heard = Said | { partial: string; state: "begun" | "done" };

/** What the thread is started with. */
export interface WorkerData {
  options: EngineOptions;
  first: string | undefined;
}

/** An engine in a thread of its own, so that no reading and decoding ever holds up a key. */
export class WorkerEngine implements Engine {
  #say: (said: Said) => void = () => {};
  readonly #worker: Worker;
  readonly #waiting = new Set<number>();
  /** What would be left behind where the thread ended now. */
  readonly #partials = new Set<string>();

  /**
   * @param script the built `worker.ts`: its file, or its text.
   * @param first an archive that will be asked for, so that it is read before it is.
   */
  constructor(script: URL | string, options: EngineOptions, first: string | undefined) {
    const data: WorkerData = { options, first };
    this.#worker = new Worker(script, { eval: typeof script === "string", workerData: data });
    this.#worker.on("message", (heard: Heard) => this.#heard(heard));
    this.#worker.on("error", (error) => this.#broken(error));
  }

  /** Says from now on what comes. */
  listen(say: (said: Said) => void): this {
    this.#say = say;
    return this;
  }

  ask(question: number, asked: Question): void {
    this.#waiting.add(question);
    this.#tell({ ask: question, asked });
  }

  drop(question: number): void {
    this.#waiting.delete(question);
    this.#tell({ drop: question });
  }

  async close(): Promise<void> {
    this.#waiting.clear();
    await this.#worker.terminate();
    for (const path of this.#partials) removeTree(path);
  }

  #tell(told: Told): void {
    this.#worker.postMessage(told);
  }

  #heard(heard: Heard): void {
    if (!("partial" in heard)) this.#said(heard);
    else if (heard.state === "begun") this.#partials.add(heard.partial);
    else this.#partials.delete(heard.partial);
  }

  #said(said: Said): void {
    // Answers that were on their way when the question was dropped.
    if (!this.#waiting.has(said.question)) return;
    if (said.type === "failed" || !said.part) this.#waiting.delete(said.question);
    this.#say(said);
  }

  /** The thread is gone; whoever waits is told, and nothing is asked of it again. */
  #broken(error: unknown): void {
    for (const question of this.#waiting) {
      this.#say({ type: "failed", question, failure: failureOf(error) });
    }
    this.#waiting.clear();
  }
}
