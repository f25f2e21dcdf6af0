import type { Size } from "../state/screen.ts";

/** The terminal as the UI needs it. Tests give their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  size(): Size;
  now(): number;
  /** Calls once a second until the returned function is called. */
  everySecond(call: () => void): () => void;
  /** Takes the terminal over. */
  enter(events: TerminalEvents): void;
  /** Gives it back as it was. Harmless when called twice. */
  leave(): void;
  write(text: string): void;
  /** Stops the program as Ctrl-Z does anywhere; `events.resumed` is called when it goes on. */
  suspend(): void;
}

export interface TerminalEvents {
  /** Characters as they came, keys and answers of the terminal alike. */
  input(text: string): void;
  resized(): void;
  resumed(): void;
  /** The terminal went away, or a signal asks for an end; the exit code that goes with it. */
  ended(code: number): void;
  /** Something of ours was thrown where nobody catches. */
  crashed(error: unknown): void;
}
