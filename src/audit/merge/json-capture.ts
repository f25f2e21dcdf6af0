import { ArchiveError } from "../../base/errors.ts";
import { formatBytes, formatCount } from "../../base/units.ts";

const quote = 0x22;
const backslash = 0x5c;

/** What a byte outside of texts does: opens a bracket, closes one, begins a text. */
const quoted = 2;
const turns = new Int8Array(256);
for (const byte of [0x7b, 0x5b]) turns[byte] = 1;
for (const byte of [0x7d, 0x5d]) turns[byte] = -1;
turns[quote] = quoted;

/** What a value can be before it is known to its end. */
type Shape = "text" | "nested" | "word";

/** Brackets inside brackets; reports have nine. */
const mostDepth = 64;

/**
 * Finds the end of one JSON value in bytes that come in pieces, and keeps them where they are wanted.
 * It looks at quotes and brackets alone; whether it is JSON, `JSON.parse` says.
 */
export class JsonCapture {
  readonly #most: number;
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;
  #keeping = false;
  #shape: Shape = "word";
  #depth = 0;
  #inText = false;
  #escaped = false;
  #begun = 0;

  /** @param most bytes of one value */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param at offset of the value, for errors; `keep`: are its bytes wanted? */
  begin(first: number, at: number, keep: boolean): void {
    this.#length = 0;
    this.#keeping = keep;
    this.#begun = at;
    this.#depth = 0;
    this.#inText = false;
    this.#escaped = false;
    this.#shape = first === quote ? "text" : first === 0x7b || first === 0x5b ? "nested" : "word";
  }

  /** Where the value ends in `chunk`, searched from `from` on; -1 where it goes on. */
  take(chunk: Uint8Array, from: number): number {
    const end = this.#shape === "word" ? endOfWord(chunk, from) : this.#endOf(chunk, from);
    if (this.#keeping) this.#keep(chunk.subarray(from, end === -1 ? chunk.length : end));
    return end;
  }

  /** The value. @throws ArchiveError where it is no JSON */
  value(): unknown {
    try {
      return JSON.parse(this.#bytes.toString("utf8", 0, this.#length));
    } catch (error) {
      throw new ArchiveError({
        code: "report-syntax",
        what: "the report is not JSON",
        where: { offset: this.#begun },
        found: `in the value that begins there: ${(error as Error).message}`,
        allowed: "what cryoscope audit -o json prints",
        next: "take the report from its node again",
      });
    }
  }

  #endOf(chunk: Uint8Array, from: number): number {
    let at = from;
    while (at < chunk.length) {
      if (this.#inText) {
        at = this.#endOfText(chunk, at);
        if (!this.#inText && this.#depth === 0) return at;
        continue;
      }
      const turn = turns[chunk[at] as number] as number;
      at += 1;
      if (turn === 0) continue;
      if (turn === quoted) this.#inText = true;
      else if (this.#turn(turn) === 0) return at;
    }
    return -1;
  }

  /** Behind the quote that ends a text, or the chunk's end. */
  #endOfText(chunk: Uint8Array, from: number): number {
    let at = this.#escaped ? from + 1 : from;
    this.#escaped = false;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (byte === quote) {
        this.#inText = false;
        return at + 1;
      }
      if (byte === backslash) at += 1;
    }
    this.#escaped = at > chunk.length;
    return chunk.length;
  }

  /** How deep it is behind a bracket. */
  #turn(turn: number): number {
    this.#depth += turn;
    if (this.#depth > mostDepth) throw this.#tooDeep();
    return this.#depth;
  }

  #keep(part: Uint8Array): void {
    const wanted = this.#length + part.length;
    if (wanted > this.#most) {
      throw new ArchiveError({
        code: "report-value-size",
        what: "one value of the report is larger than any that an audit prints",
        where: { offset: this.#begun },
        found: `more than ${formatBytes(this.#most)}`,
        allowed: formatBytes(this.#most),
        next: "take the report from its node again",
      });
    }
    if (wanted > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#most, wanted * 2));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.set(part, this.#length);
    this.#length = wanted;
  }

  #tooDeep(): ArchiveError {
    return new ArchiveError({
      code: "report-depth",
      what: "the report has brackets inside brackets beyond any that an audit prints",
      where: { offset: this.#begun },
      found: `more than ${formatCount(mostDepth)}`,
      allowed: formatCount(mostDepth),
      next: "take the report from its node again",
    });
  }
}

/** A number, `true`, `false`, `null`: up to what may stand behind one. */
function endOfWord(chunk: Uint8Array, from: number): number {
  for (let at = from; at < chunk.length; at += 1) {
    const byte = chunk[at] as number;
    if (byte === 0x2c || byte === 0x5d || byte === 0x7d || byte <= 0x20) return at;
  }
  return -1;
}
