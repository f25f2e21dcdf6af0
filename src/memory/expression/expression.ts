import { asBuffer } from "../../base/bytes.ts";
import { type Kernel, siftCapacity } from "../kernel/kernel.ts";
import type { Match, Matcher } from "../matcher.ts";
import type { ByteSet } from "./byte-set.ts";
import { shapeOf } from "./parse.ts";
import type { Need } from "./shape.ts";
import { type Sieve, sieveOf } from "./sieve.ts";
import { lookBack, WindowText } from "./window-text.ts";

/** Longest match of a regular expression; longer ones are cut there. */
const longestMatch = 64 * 1024;

/**
 * With more places to try than one in so many bytes, the engine alone is faster than asking it
 * place by place.
 */
const crowd = 16;
const leastPatience = 256;

export type Guard = (work: () => void) => void;

/**
 * Finds what an expression matches. Where every match contains a stretch of bytes that is rare
 * enough, the kernel looks for the stretch and the engine is asked only where a match around it
 * may begin.
 * @param source in characters of one byte each
 * @param flags those that the engine gets, without `g` and `y`
 * @param guard calls what keeps the engine busy
 */
export function findExpression(source: string, flags: string, guard: Guard): Matcher {
  const shape = shapeOf(source, flags);
  const everywhere = new RegExp(source, `${flags}g`);
  if (shape?.need === undefined) {
    return {
      lookBack,
      longest: longestMatch,
      matches: (window, from, _kernel, most = Number.POSITIVE_INFINITY) => {
        const found: Match[] = [];
        guard(() => search(everywhere, asBuffer(window).toString("latin1"), from, found, most));
        return found;
      },
    };
  }
  const { need } = shape;
  const seeker = {
    need,
    all: shape.all,
    begin: shape.head.places[0] ?? shape.all,
    sieve: sieveOf(need.stretch),
    here: new RegExp(source, `${flags}y`),
    everywhere,
    guard,
  };
  return {
    lookBack,
    longest: Math.min(longestMatch, Math.max(1, shape.longest)),
    matches: (window, from, kernel, most = Number.POSITIVE_INFINITY) =>
      new Seeking(seeker, window, from, most).run(kernel),
  };
}

interface Seeker {
  need: Need;
  /** What a match may consist of and look at, and begin with. */
  all: ByteSet;
  begin: Uint8Array;
  sieve: Sieve;
  /** The expression where it is asked, and from there on. */
  here: RegExp;
  everywhere: RegExp;
  guard: Guard;
}

/**
 * Matches from a place on, until there are `most`; one without length is none, or there would be
 * one everywhere.
 */
function search(
  expression: RegExp,
  text: string,
  from: number,
  found: Match[],
  most: number,
): void {
  expression.lastIndex = from;
  while (found.length < most) {
    const match = expression.exec(text);
    if (match === null) break;
    const length = Math.min(match[0].length, longestMatch);
    if (length === 0) expression.lastIndex += 1;
    else found.push({ start: match.index, end: match.index + length });
  }
}

/** The search of one window. */
class Seeking {
  readonly #seeker: Seeker;
  readonly #window: Uint8Array;
  readonly #text: WindowText;
  readonly #found: Match[] = [];
  readonly #most: number;
  /** First place where a match may still begin. */
  #next: number;
  #patience: number;

  constructor(seeker: Seeker, window: Uint8Array, from: number, most: number) {
    this.#most = most;
    this.#seeker = seeker;
    this.#window = window;
    this.#text = new WindowText(window, seeker.all);
    this.#next = from;
    this.#patience = Math.min(siftCapacity, leastPatience + window.length / crowd);
  }

  run(kernel: Kernel): Match[] {
    kernel.load(this.#window);
    const places = kernel.sift(this.#seeker.sieve, this.#next, this.#window.length);
    if (places.length > 0) this.#seeker.guard(() => this.#through(places));
    return this.#found;
  }

  #through(places: Uint32Array): void {
    if (places.length >= this.#patience) this.#patience = 0;
    for (const place of places) {
      if (this.#patience <= 0 || this.#found.length >= this.#most) break;
      this.#around(place);
    }
    if (this.#patience <= 0) {
      search(this.#seeker.everywhere, this.#text.whole().text, this.#next, this.#found, this.#most);
    }
  }

  /** Tries each place from which a match reaches the stretch at `place`. */
  #around(place: number): void {
    const { nearest, farthest, before } = this.#seeker.need;
    const window = this.#window;
    const last = place - nearest;
    const least = Math.max(this.#next, place - farthest);
    let first = place;
    while (first > least && before[window[first - 1] as number] !== 0) first -= 1;
    if (first < least) return;
    this.#next = first;
    while (this.#next <= last && this.#found.length < this.#most) {
      if (this.#seeker.begin[window[this.#next] as number] === 0) this.#next += 1;
      else this.#try(place);
    }
  }

  #try(place: number): void {
    this.#patience -= 1;
    const start = this.#next;
    const { text, base } = this.#text.around(start, place);
    const { here } = this.#seeker;
    here.lastIndex = start - base;
    const length = here.test(text) ? Math.min(here.lastIndex + base - start, longestMatch) : 0;
    if (length > 0) this.#found.push({ start, end: start + length });
    this.#next = start + Math.max(1, length);
  }
}
