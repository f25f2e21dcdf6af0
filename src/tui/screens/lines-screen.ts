import { textKeys } from "../keys/table.ts";
import type { Answer, Failure, Question } from "../state/questions.ts";
import type { Act, Screen, ScreenEvent, Step, View, World } from "../state/screen.ts";
import { emptyLine, type Line, line, lineText, span, windowLine } from "../view/line.ts";
import { wholeFailure } from "./wrapped.ts";

/** Something that was asked for: it is awaited, there, or not to be had. */
export interface Asked<T> {
  value: T | undefined;
  failure: Failure | undefined;
}

/** Why something cannot be shown, and what to do about it, in place of it. */
export function failureLines({ message, next }: Failure): Line[] {
  const reason = line("   ", span(`✗ ${message}`, "danger"));
  return [emptyLine, reason, ...(next === null ? [] : [emptyLine, line(`   ${next}`)])];
}

/** The lines of what was asked for, once it is there. */
export function askedLines<T>({ value, failure }: Asked<T>, draw: (value: T) => Line[]): Line[] {
  if (failure !== undefined) return failureLines(failure);
  return value === undefined ? [emptyLine, line("   ", span("reading…", "dim"))] : draw(value);
}

/**
 * Where a command scrolls lines to; undefined where it does not scroll.
 * @param count lines in all
 * @param rows lines that are shown
 */
export function scrolledTop(
  top: number,
  command: string,
  count: number,
  rows: number,
): number | undefined {
  const last = Math.max(0, count - rows);
  const page = Math.max(1, rows - 1);
  const moves: Readonly<Record<string, number>> = {
    down: top + 1,
    up: top - 1,
    "page-down": top + page,
    "page-up": top - page,
    top: 0,
    bottom: last,
  };
  const to = moves[command];
  return to === undefined ? undefined : Math.max(0, Math.min(last, to));
}

/** The lines that are shown, from `top` on. */
export function shownLines(lines: readonly Line[], top: number, { body }: World): Line[] {
  const from = Math.min(top, Math.max(0, lines.length - body.rows));
  return lines.slice(from, from + body.rows).map((it) => windowLine(it, body.columns));
}

/** `12–40 of 96`, where not all lines have room. */
export function linesStatus(count: number, top: number, { body }: World): string {
  if (count <= body.rows) return "";
  return `${top + 1}–${Math.min(count, top + body.rows)} of ${count}`;
}

/** The text of lines, to be copied or saved. */
export function linesText(lines: readonly Line[]): string {
  return `${lines.map((it) => lineText(it).trimEnd()).join("\n")}\n`;
}

/** A screen of lines about one thing, which is asked for. */
interface LinesModel<A, T> {
  crumb: (argument: A) => string;
  question: (argument: A, reveal: boolean) => Question;
  /** The value of an answer; undefined where it answers another question. */
  value: (answer: Answer, argument: A) => T | undefined;
  title: (argument: A, value: T | undefined) => Line;
  lines: (value: T, columns: number) => Line[];
  /** What Ctrl-S saves instead of the lines. */
  save?: (argument: A, value: T) => Act | undefined;
}

export interface LinesState<A, T> extends Asked<T> {
  argument: A;
  reveal: boolean;
  top: number;
}

/** Makes such a screen. It asks again when secrets are switched, and keeps its place. */
export function linesScreen<A, T>(model: LinesModel<A, T>): Screen<LinesState<A, T>, A> {
  type S = LinesState<A, T>;
  const ask = ({ argument, reveal }: S): Act => ({
    act: "ask",
    slot: "lines",
    question: model.question(argument, reveal),
  });
  const drawn = (state: S, { body }: World): Line[] =>
    state.failure === undefined
      ? askedLines(state, (value) => model.lines(value, body.columns))
      : wholeFailure(state.failure, body.columns);
  const commanded = (state: S, command: string, world: World): Step<S> => {
    if (command === "refresh") return { state, acts: [ask(state)] };
    const lines = drawn(state, world);
    if (command === "copy") {
      return { state, acts: [{ act: "copy", text: linesText(lines), what: "the text" }] };
    }
    if (command === "save" && state.value !== undefined) {
      const name = `${model.crumb(state.argument).replace(/\W+/g, "-")}.txt`;
      const text: Act = { act: "save", name, content: { from: "text", text: linesText(lines) } };
      return { state, acts: [model.save?.(state.argument, state.value) ?? text] };
    }
    const top = scrolledTop(state.top, command, lines.length, world.body.rows);
    return { state: top === undefined || top === state.top ? state : { ...state, top } };
  };
  return {
    open: (argument, { reveal }) => {
      const state: S = { argument, reveal, value: undefined, failure: undefined, top: 0 };
      return { state, acts: [ask(state)] };
    },
    update: (state: S, event: ScreenEvent, world: World): Step<S> => {
      switch (event.type) {
        case "answer": {
          const value = model.value(event.answer, state.argument);
          return { state: value === undefined ? state : { ...state, value, failure: undefined } };
        }
        case "failed":
          return { state: { ...state, failure: event.failure } };
        case "world": {
          if (world.reveal === state.reveal) return { state };
          const next = { ...state, reveal: world.reveal };
          return { state: next, acts: [ask(next)] };
        }
        case "command":
          return commanded(state, event.command, world);
        default:
          return { state };
      }
    },
    view: (state, world): View => {
      const lines = drawn(state, world);
      return {
        title: model.title(state.argument, state.value),
        lines: shownLines(lines, state.top, world),
        status: linesStatus(lines.length, state.top, world),
        busy: state.value === undefined && state.failure === undefined,
      };
    },
    scopes: () => [textKeys],
    crumb: ({ argument }) => model.crumb(argument),
  };
}
