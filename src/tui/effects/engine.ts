import { Fault } from "../../base/errors.ts";
import type { Answer, Failure, Question, QuestionName } from "../state/questions.ts";
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

/** An engine that answers in the thread it lives in. */
export class LocalEngine implements Engine {
  readonly #services: Services;
  readonly #say: (said: Said) => void;
  readonly #calls = new Map<number, AbortController>();

  constructor(options: EngineOptions, say: (said: Said) => void) {
    this.#services = {
      options,
      checkpoints: new OpenCheckpoints(options),
      summaries: new Map(),
    };
    this.#say = say;
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

/** Why something failed, as data. What is no `Fault` is a bug of ours, and is said to be one. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Fault) {
    const { next, code } = error.detail;
    return { kind: error.kind, message: error.message, next: next ?? null, code: code ?? null };
  }
  return {
    kind: "bug",
    message: `this is a fault of cryoscope, not yours: ${error instanceof Error ? error.message : String(error)}`,
    next: null,
    code: null,
  };
}
