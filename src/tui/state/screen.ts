import type { Scope } from "../keys/binding.ts";
import type { Input } from "../keys/input.ts";
import type { Line } from "../view/line.ts";
import type { Answer, Failure, Question, SaveContent } from "./questions.ts";

export interface Size {
  columns: number;
  rows: number;
}

/** What every screen may know besides its own state. */
export interface World {
  /** The part of the terminal that belongs to the screen's data. */
  body: Size;
  /** Milliseconds since 1970, as of the last second. */
  now: number;
  /** Are secrets shown? */
  reveal: boolean;
  /** Are all columns shown? */
  wide: boolean;
  /** Is everything that changes something outside switched off? */
  readonly: boolean;
}

/** What happens to a screen. Answers to questions that it dropped or asked again never arrive. */
export type ScreenEvent =
  | { type: "command"; command: string }
  /** `part`: more is to come for this slot. */
  | { type: "answer"; slot: string; answer: Answer; part: boolean }
  | { type: "failed"; slot: string; failure: Failure }
  /** A prompt of this screen changed (`done` false) or was entered; null where it was given up. */
  | { type: "prompted"; prompt: string; text: string | null; done: boolean }
  | { type: "confirmed"; what: string }
  /** A key that edits text, or a paste, where the screen has a field of its own. */
  | { type: "typed"; input: Input }
  /** The mouse was clicked in this row of the body. */
  | { type: "pointed"; row: number }
  /** The window has another size, or secrets or columns were switched. */
  | { type: "world" }
  /** The screen is on top again, or a second went by. */
  | { type: "shown" }
  | { type: "second" };

export type FlashLevel = "info" | "warning" | "error";

/** What a screen wants done. */
export type Act =
  /** Asks; a question that is under way in the same slot is dropped. */
  | { act: "ask"; slot: string; question: Question }
  | { act: "drop"; slot: string }
  | { act: "push"; screen: NewScreen }
  | { act: "pop" }
  | { act: "flash"; level: FlashLevel; text: string }
  | { act: "prompt"; prompt: string; label: string; text: string; history?: string }
  | { act: "confirm"; what: string; title: string; lines: readonly string[]; yes: string }
  | { act: "copy"; text: string; what: string }
  /** Asks for a path, proposing `name`, and for a yes; then writes a new private file. */
  | { act: "save"; name: string; content: SaveContent };

/** What has to be agreed to before a screen goes. */
export interface Leaving {
  title: string;
  lines: readonly string[];
  /** The word for yes. */
  yes: string;
}

/** A screen to be opened: its kind, and what it is opened with. */
export interface NewScreen {
  kind: string;
  argument: unknown;
}

export interface Step<S> {
  state: S;
  acts?: readonly Act[];
}

/** What a screen shows. */
export interface View {
  /** The header: what this is about. */
  title: Line;
  /** Header at the right, where there is room. */
  aside?: Line;
  /** A line of tabs below the header. */
  tabs?: Line;
  /** At most `world.body.rows` lines. */
  lines: readonly Line[];
  /** Counts and the filter, at the right of the crumbs. */
  status?: string;
  /** Something is being read. */
  busy?: boolean;
}

/**
 * A kind of screen. All of it is pure: what it wants of the world are acts, what it gets are
 * events. `S` is its state, `A` what it is opened with.
 */
export interface Screen<S, A> {
  open(argument: A, world: World): Step<S>;
  update(state: S, event: ScreenEvent, world: World): Step<S>;
  view(state: S, world: World): View;
  /** The keys that are live, most special first. */
  scopes(state: S): readonly Scope[];
  /** Its word in the breadcrumbs. */
  crumb(state: S): string;
  /** Does what is typed go into a field of its own? Then only keys that edit nothing are commands. */
  typing?(state: S): boolean;
  /** What ends with the screen, where that is to be agreed to. */
  leaving?(state: S, world: World): Leaving | undefined;
}
