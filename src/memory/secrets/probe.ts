import { everyByte } from "../expression/byte-set.ts";
import { shapeOf } from "../expression/parse.ts";
import type { Detector } from "./detector.ts";

/** What a detector looks for, as data: so it goes from thread to thread. */
export interface Probe {
  keywords: readonly string[];
  /** Undefined where only the detector itself can ask further. */
  expression: { source: string; flags: string } | undefined;
  /** Most characters of a match, and of it before the keyword. */
  longest: number;
  lead: number;
}

export function probeOf({ keywords, expression, longest, lead, find }: Detector): Probe {
  const { source, flags } = expression;
  return {
    keywords,
    expression: find === undefined ? { source, flags } : undefined,
    longest,
    lead: lead ?? longest,
  };
}

/** Characters that an expression may look at beyond its match. */
export const lookAround = 16;
/** Characters that are made a text beyond what one attempt needs: the next may need them. */
const ahead = 4096;

/** What was asked, and what came of it: the engine's answer, offsets in the bytes. */
export interface Attempted {
  start: number;
  end: number;
  /** The engine's own answer; its offsets are `start` less than those in the bytes. */
  exec: RegExpExecArray;
}

/**
 * Asks the expression of one probe around keywords. An answer depends on nothing but the bytes from
 * `lead` before the keyword to `longest` behind it, and a few that are looked at: so it is the same
 * wherever a window ends.
 */
export class Asker {
  readonly probe: Probe;
  readonly #expression: RegExp;
  /** What a match may consist of and look at, and begin with. */
  readonly #all: Uint8Array;
  readonly #begin: Uint8Array;
  #bytes: Buffer = Buffer.alloc(0);
  #text = "";
  #base = 0;
  #end = 0;
  /** Work that may still be done in these bytes, in characters. */
  #patience = 0;

  /** @param flags besides those of the expression: `d` for who wants to know where groups are. */
  constructor(probe: Probe, flags = "") {
    this.probe = probe;
    const { source, flags: own } = probe.expression ?? { source: "(?!)", flags: "" };
    this.#expression = new RegExp(source, `${own}y${flags}`);
    const shape = shapeOf(source, own);
    this.#all = shape?.all ?? everyByte;
    this.#begin = shape?.head.places[0] ?? everyByte;
  }

  /** Gives it other bytes, and so much patience with them; they may be changed until then. */
  take(bytes: Buffer, patience = Number.POSITIVE_INFINITY): void {
    this.#bytes = bytes;
    this.#base = 0;
    this.#end = 0;
    this.#text = "";
    this.#patience = patience;
  }

  /**
   * The first match with the keyword that stands at `at`; undefined where there is none, and
   * `exhausted` where the bytes took more work than there was patience for.
   */
  ask(at: number, keywordLength: number): Attempted | "exhausted" | undefined {
    const { longest, lead } = this.probe;
    const least = Math.max(0, at - lead);
    let start = at;
    while (start > least && this.#all[this.#bytes[start - 1] as number] !== 0) start -= 1;
    const limit = Math.min(this.#bytes.length, at + longest + lookAround);
    const from = Math.max(0, start - lookAround);
    this.#hold(from, at, limit);
    const text = this.#text.slice(from - this.#base, Math.min(limit, this.#end) - this.#base);
    for (; start <= at; start++) {
      if (this.#begin[this.#bytes[start] as number] === 0) continue;
      this.#patience -= Math.min(limit, this.#end) - start;
      if (this.#patience < 0) return "exhausted";
      this.#expression.lastIndex = start - from;
      const exec = this.#expression.exec(text);
      if (exec === null) continue;
      const end = start + exec[0].length;
      if (end >= at + keywordLength && end - start <= longest) return { start, end, exec };
    }
    return undefined;
  }

  /** Makes a text of the bytes that an attempt may need: not beyond one that it cannot pass. */
  #hold(from: number, at: number, limit: number): void {
    const known = from >= this.#base && at < this.#end - lookAround - 1;
    if (known && (limit <= this.#end || this.#stops)) return;
    const most = Math.min(this.#bytes.length, limit + ahead);
    let end = at;
    while (end < most && this.#all[this.#bytes[end] as number] !== 0) end += 1;
    this.#stops = end < most;
    this.#base = from;
    this.#end = Math.min(this.#bytes.length, this.#stops ? end + lookAround + 1 : end);
    this.#text = this.#bytes.toString("latin1", from, this.#end);
  }

  /** Does the text end behind a byte that no match can pass? */
  #stops = false;
}
