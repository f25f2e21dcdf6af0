import { longestKeyword } from "../kernel/keyword-plan.ts";
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
    keywords: keywords.map((keyword) => keyword.slice(0, longestKeyword)),
    expression: find === undefined ? { source, flags } : undefined,
    longest,
    lead: lead ?? longest,
  };
}

/** Characters that an expression may look at beyond its match. */
export const lookAround = 16;
/** Characters that are made a text beyond what one attempt needs: the next may need them. */
const ahead = 4096;

/** What was asked, and what came of it. Offsets in the bytes. */
interface Attempted {
  start: number;
  end: number;
  exec: RegExpExecArray;
}

/**
 * Asks the expression of one probe around keywords. It is shown the text around the keyword as far
 * as no NUL is in it, from `lead` before to `longest` behind, and a few characters that it may look
 * at. So an answer is the same wherever a window ends.
 */
export class Asker {
  readonly probe: Probe;
  readonly #flags: string;
  /** Made when it is first asked: most detectors meet none of their keywords. */
  #expression: RegExp | undefined;
  #bytes: Buffer = Buffer.alloc(0);
  /** The characters of [base, end), and whether a NUL stands behind them, or nothing at all. */
  #text = "";
  #base = 0;
  #end = 0;
  #whole = false;
  /** Work that may still be done in these bytes, in characters. */
  #patience = 0;

  /** @param flags besides those of the expression: `d` for who wants to know where groups are. */
  constructor(probe: Probe, flags = "") {
    this.probe = probe;
    this.#flags = flags;
  }

  /** Gives it other bytes, in another object, and so much patience with them. */
  take(bytes: Buffer, patience = Number.POSITIVE_INFINITY): void {
    if (bytes === this.#bytes) return;
    this.#bytes = bytes;
    this.#base = 0;
    this.#end = 0;
    this.#whole = false;
    this.#patience = patience;
  }

  #compiled(): RegExp {
    const { expression, lead } = this.probe;
    const { source, flags } = expression ?? { source: "(?!)", flags: "" };
    // Where a match begins with its keyword there is one place to try.
    return new RegExp(source, `${flags}${lead === 0 ? "y" : "g"}${this.#flags}`);
  }

  /**
   * The first match with the keyword that stands at `at`; undefined where there is none, and
   * `exhausted` where the bytes took more work than there was patience for.
   */
  ask(at: number, keywordLength: number): Attempted | "exhausted" | undefined {
    const { longest, lead } = this.probe;
    const from = textStart(this.#bytes, at, lead + lookAround);
    const limit = Math.min(this.#bytes.length, at + longest + lookAround);
    this.#hold(from, at, limit);
    const text = this.#text.slice(from - this.#base, Math.min(limit, this.#end) - this.#base);
    this.#patience -= text.length;
    if (this.#patience < 0) return "exhausted";
    this.#expression ??= this.#compiled();
    const expression = this.#expression;
    expression.lastIndex = Math.max(0, at - lead - from);
    for (;;) {
      const exec = expression.exec(text);
      const start = from + (exec?.index ?? Number.POSITIVE_INFINITY);
      if (exec === null || start > at) return undefined;
      const end = start + exec[0].length;
      if (end >= at + keywordLength && end - start <= longest) return { start, end, exec };
      if (lead === 0) return undefined;
      expression.lastIndex = exec.index + 1;
    }
  }

  /** Makes a text of the bytes that an attempt may need. */
  #hold(from: number, at: number, limit: number): void {
    const begun = from >= this.#base && at < this.#end;
    if (begun && (this.#whole || limit <= this.#end)) return;
    const most = Math.min(this.#bytes.length, limit + ahead);
    const part = this.#bytes.subarray(at, most);
    const nul = part.indexOf(0);
    this.#whole = nul !== -1;
    this.#base = from;
    this.#end = this.#whole ? at + nul : most;
    this.#text = this.#bytes.toString("latin1", from, this.#end);
  }
}

/** Where the text around a place begins: behind the last NUL, `most` characters before at most. */
export function textStart(bytes: Uint8Array, at: number, most: number): number {
  const least = Math.max(0, at - most);
  let start = at;
  while (start > least && bytes[start - 1] !== 0) start -= 1;
  return start;
}
