import type { Input } from "../keys/input.ts";
import type { Prompt } from "./prompt.ts";
import type { Answer, Failure, Question, SaveContent } from "./questions.ts";
import type { FlashLevel, Size } from "./screen.ts";

/** A screen on the stack. */
export interface Stacked {
  /** Its number: answers find their screen by it. */
  id: number;
  kind: string;
  state: unknown;
}

export interface Confirmation {
  /** What the screen, or the program, is told when the answer is yes. */
  what: string;
  /** The screen that asked; 0 is the program itself. */
  screen: number;
  title: string;
  lines: readonly string[];
  /** The word for yes. */
  yes: string;
}

interface Flash {
  level: FlashLevel;
  text: string;
  /** When it goes, in milliseconds since 1970. */
  until: number;
}

/** Everything that the terminal shows, and nothing else. */
export interface App {
  size: Size;
  now: number;
  stack: readonly Stacked[];
  /** The stack before the last jump, for `-`. */
  last: readonly Stacked[] | undefined;
  prompt: Prompt | undefined;
  confirmation: Confirmation | undefined;
  flash: Flash | undefined;
  /** What a save writes once its path was typed and confirmed. */
  saving: { content: SaveContent; path: string } | undefined;
  /** What would end something that is under way, while that is being asked about. */
  leaving: Message | undefined;
  reveal: boolean;
  wide: boolean;
  readonly: boolean;
  /** Next number of a screen and of a question. */
  next: number;
  /** The question that is under way, by screen and slot: answers to others are stale. */
  pending: Readonly<Record<string, number>>;
  /** Texts entered before, by prompt. */
  history: Readonly<Record<string, readonly string[]>>;
}

/** What happens. */
export type Message =
  | { type: "input"; input: Input }
  | { type: "resized"; size: Size }
  | { type: "second"; now: number }
  | { type: "answer"; question: number; answer: Answer; part: boolean }
  | { type: "failed"; question: number; failure: Failure };

/** What is to be done outside. */
export type Effect =
  | { effect: "ask"; question: number; asked: Question }
  /** The answer is wanted no more. */
  | { effect: "drop"; question: number }
  | { effect: "copy"; text: string }
  | { effect: "suspend" }
  | { effect: "redraw" }
  | { effect: "quit" };

export interface Next {
  app: App;
  effects: readonly Effect[];
}
