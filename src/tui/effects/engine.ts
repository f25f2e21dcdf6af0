import { inspect } from "../../checkpoint/inspection.ts";
import type { Partial } from "../../restore/new-file.ts";
import type { Answer, Failure, Question, QuestionName } from "../state/questions.ts";
import { failureOf } from "./failure.ts";
import type { EngineOptions, Handler, Services } from "./handler.ts";
import { handlers } from "./handlers.ts";
import { OpenCheckpoints } from "./open-checkpoints.ts";

/** What an engine says of a question. */
export type Said =
  | { type: "answer"; question: number; answer: Answer; part: boolean }
  | { type: "failed"; question: number; failure: Failure };

/** Answers questions, in this thread or in another. */
export interface Engine {
  ask(question: number, asked: Question): void;
  /** The answer is wanted no more; none comes after this. */
  drop(question: number): void;
  close(): Promise<void>;
}

/** Makes an engine that says what it finds. */
export type EngineMaker = (say: (said: Said) => void) => Engine;

/** An engine that answers in the thread it lives in. */
export class LocalEngine implements Engine {
  readonly #services: Services;
  readonly #say: (said: Said) => void;
  readonly #calls = new Map<number, AbortController>();

  constructor(options: EngineOptions, say: (said: Said) => void, partial: Partial = () => {}) {
    this.#services = {
      options,
      checkpoints: new OpenCheckpoints(options),
      summaries: new Map(),
      logins: new Map(),
      partial,
    };
    this.#say = say;
  }

  /** Reads what the first screen of an archive shows before it is asked for. */
  prepare(path: string): void {
    // Whoever asks is told what went wrong.
    this.#services.checkpoints
      .get(path)
      .then(inspect)
      .catch(() => {});
  }

  ask(question: number, asked: Question): void {
    const controller = new AbortController();
    this.#calls.set(question, controller);
    void this.#answer(question, asked, controller.signal);
  }

  drop(question: number): void {
    this.#calls.get(question)?.abort();
    this.#calls.delete(question);
  }

  async close(): Promise<void> {
    for (const question of [...this.#calls.keys()]) this.drop(question);
    await this.#services.checkpoints.closeAll();
  }

  async #answer(question: number, asked: Question, signal: AbortSignal): Promise<void> {
    const say = (said: Said): void => {
      if (!signal.aborted) this.#say(said);
    };
    const answer = (value: unknown, part: boolean): void =>
      say({ type: "answer", question, answer: { of: asked.of, value } as Answer, part });
    try {
      const handler = handlers[asked.of] as Handler<QuestionName>;
      const call = { signal, part: (value: unknown) => answer(value, true) };
      answer(await handler(asked as never, this.#services, call), false);
    } catch (error) {
      say({ type: "failed", question, failure: failureOf(error) });
    } finally {
      this.#calls.delete(question);
    }
  }
}
