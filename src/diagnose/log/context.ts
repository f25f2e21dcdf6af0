import { maskText } from "../../base/mask.ts";
import type { ContextLine } from "./explanation.ts";
import { kept } from "./splitter.ts";

/** The lines around one line. */
export interface Around {
  line: number;
  before: ContextLine[];
  after: ContextLine[];
}

/** Lines around which others are kept: the cause is among the first few errors. */
const mostPlaces = 8;
/** Characters of a line around an error. */
const longest = 400;

/** Remembers the lines around errors, a few of them, while the log goes by. */
export class ContextKeeper {
  readonly #count: number;
  readonly #reveal: boolean;
  readonly #recent: { line: number; text: string }[] = [];
  readonly #places: Around[] = [];

  /** @param count lines on each side. */
  constructor(count: number, reveal: boolean) {
    this.#count = count;
    this.#reveal = reveal;
  }

  /** Marks a line, before it is seen. */
  mark(line: number): void {
    if (this.#places.length >= mostPlaces) return;
    const before = this.#recent.map(({ line: at, text }) => this.#shown(at, text));
    this.#places.push({ line, before, after: [] });
  }

  see(line: number, text: string): void {
    if (this.#count === 0) return;
    for (const place of this.#places) {
      if (line > place.line && place.after.length < this.#count) {
        place.after.push(this.#shown(line, text));
      }
    }
    this.#recent.push({ line, text });
    if (this.#recent.length > this.#count) this.#recent.shift();
  }

  /** The last line that was seen, and those before it. */
  end(): Around {
    const shown = this.#recent.map(({ line, text }) => this.#shown(line, text));
    return { line: shown.at(-1)?.line ?? 0, before: shown.slice(0, -1), after: [] };
  }

  around(line: number): Around {
    return this.#places.find((place) => place.line === line) ?? { line, before: [], after: [] };
  }

  #shown(line: number, text: string): ContextLine {
    const whole = kept(text.length > longest ? `${text.slice(0, longest)}...` : text);
    return { line, text: this.#reveal ? whole : maskText(whole) };
  }
}
