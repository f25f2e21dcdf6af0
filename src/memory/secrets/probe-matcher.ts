import { asBuffer } from "../../base/bytes.ts";
import { type Kernel, narrowBytes } from "../kernel/kernel.ts";
import { type KeywordPlan, keywordPlan, longestKeyword } from "../kernel/keyword-plan.ts";
import type { Match, Matcher } from "../matcher.ts";
import { Asker, lookAround, type Probe } from "./probe.ts";

/**
 * What a match of this matcher says: it begins at the keyword, and its length tells whether a secret
 * may be around it, or that from there on keywords are too crowded to ask around each.
 */
export const matchLength = { found: 1, crowded: 3 } as const;

/** Characters that may be looked at again for each byte of a window: expressions overlap. */
const patience = 128;

/**
 * Places of a window around which something matches: more than one for so many bytes are not told.
 * Each is looked at closer, by one thread.
 */
const roomy = 128;
const leastPlaces = 256;

/**
 * Finds keywords around which an expression of its probe matches, in ASCII and in UTF-16. Each is
 * judged by itself, so there is no order in which they hide each other.
 */
export function probeMatcher(probes: readonly Probe[]): Matcher {
  const most = (size: (probe: Probe) => number): number =>
    probes.reduce((sum, probe) => Math.max(sum, size(probe)), 0);
  const search = new ProbeSearch(probes);
  return {
    // A character of UTF-16 takes two bytes.
    lookBack: 2 * (most(({ lead }) => lead) + lookAround),
    longest: Math.max(2 * (most(({ longest }) => longest) + lookAround), 2 * longestKeyword),
    recipe: { probes },
    matches: (window, from, kernel) => search.matches(window, from, kernel),
  };
}

class ProbeSearch {
  readonly #plan: KeywordPlan;
  readonly #lengths: readonly number[];
  /** Who is asked about a keyword, by its number. */
  readonly #askers: readonly (readonly Asker[])[];
  readonly #all: readonly Asker[];
  readonly #lead: number;
  #found = new Set<number>();
  #crowded: number | undefined;
  #most = 0;

  constructor(probes: readonly Probe[]) {
    const byKeyword = new Map<string, Asker[]>();
    this.#all = probes.map((probe) => {
      const asker = new Asker(probe);
      for (const keyword of new Set(probe.keywords)) {
        byKeyword.set(keyword, [...(byKeyword.get(keyword) ?? []), asker]);
      }
      return asker;
    });
    const keywords = [...byKeyword.keys()];
    this.#plan = keywordPlan(keywords);
    this.#lengths = keywords.map(({ length }) => length);
    this.#askers = [...byKeyword.values()];
    this.#lead = probes.reduce((most, { lead }) => Math.max(most, lead), 0);
  }

  matches(window: Uint8Array, from: number, kernel: Kernel): Match[] {
    if (this.#plan.count === 0) return [];
    kernel.load(window);
    this.#found = new Set();
    this.#crowded = undefined;
    this.#most = leastPlaces + window.length / roomy;
    const bytes = asBuffer(window);
    let taken = false;
    kernel.keywords(this.#plan, from, window.length, (start, keyword) => {
      if (!taken) this.#take(bytes);
      taken = true;
      this.#ask(start, keyword, start);
    });
    kernel.wide(from, window.length, (start, end) => this.#wide(bytes, start, end, from, kernel));
    const matches = Array.from(this.#found, (start) => ({ start, end: start + matchLength.found }));
    const crowded = this.#crowded;
    if (crowded !== undefined && !this.#found.has(crowded)) {
      matches.push({ start: crowded, end: crowded + matchLength.crowded });
    }
    return matches.sort((a, b) => a.start - b.start);
  }

  /** Looks through a run of UTF-16 as if it were ASCII. */
  #wide(bytes: Buffer, start: number, end: number, from: number, kernel: Kernel): void {
    const back = 2 * (this.#lead + lookAround);
    const first = start + 2 * Math.max(0, Math.floor((from - back - start) / 2));
    const narrow = narrowed(bytes, first, end);
    let taken = false;
    const step = narrowBytes - longestKeyword;
    for (let at = 0; at < narrow.length; at += step) {
      const piece = narrow.subarray(at, at + narrowBytes);
      kernel.keywordsIn(piece, this.#plan, (place, keyword) => {
        const where = first + 2 * (at + place);
        if (place >= step || where < from) return;
        if (!taken) this.#take(narrow);
        taken = true;
        this.#ask(at + place, keyword, where);
      });
    }
  }

  #take(bytes: Buffer): void {
    for (const asker of this.#all) asker.take(bytes, patience * bytes.length);
  }

  #ask(at: number, keyword: number, where: number): void {
    const length = this.#lengths[keyword] as number;
    for (const asker of this.#askers[keyword] as readonly Asker[]) {
      if (this.#found.has(where)) return;
      if (this.#found.size >= this.#most) {
        this.#crowded ??= where;
        return;
      }
      const found = asker.probe.expression === undefined || asker.ask(at, length);
      if (found === "exhausted") this.#crowded ??= where;
      else if (found !== undefined) this.#found.add(where);
    }
  }
}

/** The low byte of each of [start, end) in UTF-16. */
export function narrowed(bytes: Uint8Array, start: number, end: number): Buffer {
  const narrow = Buffer.allocUnsafe((end - start) >> 1);
  for (let index = 0; index < narrow.length; index++) {
    narrow[index] = bytes[start + 2 * index] as number;
  }
  return narrow;
}
