import { onTestFinished } from "vitest";
import { LocalEngine } from "../../../src/tui/effects/engine.ts";
import type { HexArgument } from "../../../src/tui/screens/hex/argument.ts";
import { hexScreen } from "../../../src/tui/screens/hex/hex.ts";
import type { HexState } from "../../../src/tui/screens/hex/state.ts";
import type { Answer, Failure, Question } from "../../../src/tui/state/questions.ts";
import type { Act, ScreenEvent, Step, World } from "../../../src/tui/state/screen.ts";
import { lineText } from "../../../src/tui/view/line.ts";

type Reply = { answer: Answer; part: boolean } | { failure: Failure };

/** Who answers: calls back with every part. */
export type Answering = (question: Question, reply: (it: Reply) => void) => { drop(): void };

/** A hex view without a terminal: acts are kept, and questions answered when the test says so. */
export class HexView {
  state: HexState;
  world: World;
  /** What the screen wanted besides answers. */
  acts: Act[] = [];
  /** Questions in the order they were asked. */
  readonly asked: Question[] = [];
  /** Slots that were dropped. */
  readonly dropped: string[] = [];
  readonly #answering: Answering;
  readonly #waiting = new Map<string, { drop(): void }>();
  #replies: (() => void)[] = [];
  #wake: () => void = () => {};

  constructor(argument: HexArgument, answering: Answering, columns = 120, rows = 30) {
    this.#answering = answering;
    this.world = { body: { columns, rows }, now: 0, reveal: false, wide: false, readonly: false };
    const step = hexScreen.open(argument, this.world);
    this.state = step.state;
    this.#perform(step);
  }

  send(event: ScreenEvent): void {
    const step = hexScreen.update(this.state, event, this.world);
    this.state = step.state;
    this.#perform(step);
  }

  command(...commands: string[]): void {
    for (const command of commands) this.send({ type: "command", command });
  }

  enter(prompt: string, text: string): void {
    this.send({ type: "prompted", prompt, text, done: true });
  }

  resize(columns: number, rows: number): void {
    this.world = { ...this.world, body: { columns, rows } };
    this.send({ type: "world" });
  }

  reveal(reveal: boolean): void {
    this.world = { ...this.world, reveal };
    this.send({ type: "world" });
  }

  #perform({ acts = [] }: Step<HexState>): void {
    for (const act of acts) {
      if (act.act === "ask") this.#ask(act.slot, act.question);
      else if (act.act === "drop") this.#drop(act.slot);
      else this.acts.push(act);
    }
  }

  #drop(slot: string): void {
    if (!this.#waiting.has(slot)) return;
    this.dropped.push(slot);
    this.#waiting.get(slot)?.drop();
    this.#waiting.delete(slot);
  }

  #ask(slot: string, question: Question): void {
    this.#drop(slot);
    this.asked.push(question);
    let live = true;
    const entry = { drop: () => {} };
    this.#waiting.set(slot, entry);
    const { drop } = this.#answering(question, (reply) => {
      this.#replies.push(() => {
        if (!live) return;
        const whole = "failure" in reply || !reply.part;
        if (whole) this.#waiting.delete(slot);
        if ("failure" in reply) this.send({ type: "failed", slot, failure: reply.failure });
        else this.send({ type: "answer", slot, ...reply });
      });
      this.#wake();
    });
    entry.drop = () => {
      live = false;
      drop();
    };
  }

  /** Hands on what was answered so far. */
  deliver(): void {
    const replies = this.#replies;
    this.#replies = [];
    for (const reply of replies) reply();
  }

  /** Until nothing is being read. */
  async settled(): Promise<this> {
    while (this.#waiting.size > 0) {
      if (this.#replies.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      this.deliver();
    }
    return this;
  }

  get lines(): string[] {
    return hexScreen.view(this.state, this.world).lines.map(lineText);
  }

  get text(): string {
    return this.lines.join("\n");
  }

  get header(): string {
    const { title, aside } = hexScreen.view(this.state, this.world);
    return `${lineText(title)}   ${aside === undefined ? "" : lineText(aside)}`;
  }

  /** The line of the panel with a label, without the label. */
  panel(label: string): string | undefined {
    const found = this.lines.find((row) => row.includes(`│ ${label.padEnd(7)}`));
    return found?.slice(found.indexOf("│ ") + 9).trimEnd();
  }
}

/** Answers by the real handlers, from an archive. */
export function engineAnswers(): Answering {
  let next = 1;
  const waiting = new Map<number, (it: Reply) => void>();
  const engine = new LocalEngine({ permissions: "any" }, (said) => {
    waiting.get(said.question)?.(
      said.type === "failed"
        ? { failure: said.failure }
        : { answer: structuredClone(said.answer), part: said.part },
    );
  });
  onTestFinished(() => engine.close());
  return (question, reply) => {
    const number = next++;
    waiting.set(number, reply);
    engine.ask(number, structuredClone(question));
    return { drop: () => engine.drop(number) };
  };
}
