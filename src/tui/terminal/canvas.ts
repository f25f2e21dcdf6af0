import { beginFrame, clearScreen, clearToEnd, endFrame, toRow } from "./sequences.ts";

/**
 * What changes a screen that shows `before` into one that shows `after`: the rows that differ,
 * each written whole. Ink makes frames; rewriting only what changed is what keeps a key press at
 * a few hundred bytes over a slow line, without flicker.
 */
function frameChange(before: readonly string[] | undefined, after: readonly string[]): string {
  let change = before === undefined ? clearScreen : "";
  for (let row = 0; row < after.length; row++) {
    if (before?.[row] !== after[row]) change += `${toRow(row)}${after[row]}${clearToEnd}`;
  }
  for (let row = after.length; row < (before?.length ?? 0); row++)
    change += toRow(row) + clearToEnd;
  return change === "" ? "" : beginFrame + change + endFrame;
}

/** Stands for the terminal before Ink: takes whole frames, writes changes. */
export class Canvas {
  /** Ink asks for these as it would ask a stream. */
  columns: number;
  rows: number;
  readonly isTTY = true;
  #shown: readonly string[] | undefined;
  readonly #write: (text: string) => void;

  constructor(size: { columns: number; rows: number }, write: (text: string) => void) {
    this.columns = size.columns;
    this.rows = size.rows;
    this.#write = write;
  }

  write(frame: string): boolean {
    const lines = frame.split("\n").slice(0, this.rows);
    const change = frameChange(this.#shown, lines);
    this.#shown = lines;
    if (change !== "") this.#write(change);
    return true;
  }

  /** The next frame is written whole: the terminal was used by somebody else, or has a new size. */
  forget(size: { columns: number; rows: number } = this): void {
    this.columns = size.columns;
    this.rows = size.rows;
    this.#shown = undefined;
  }

  // Ink listens for a resize of its stream; ours reaches it as another frame.
  on(): this {
    return this;
  }

  off(): this {
    return this;
  }
}
