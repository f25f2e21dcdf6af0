import { ascii } from "../../base/bytes.ts";

/** Characters of a line that are read; CRIU's own lines end at 4096. */
export const longestLine = 16 * 1024;

/**
 * Cuts a stream of bytes into lines, in constant memory whatever the lines are like. Lines are
 * given as Latin-1, one character a byte, because most are only looked at; `kept` makes text of
 * those that stay.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest = "";
  #skipping = false;
  lines = 0;
  bytes = 0;
  /** Lines that were longer than is read. */
  cut = 0;
  /** Did the last line end with a line break? */
  ended = true;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.bytes += bytes.length;
    const text = ascii(bytes);
    let from = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", from)) {
      this.#take(text.slice(from, end));
      this.#emit();
      from = end + 1;
    }
    this.ended = from === text.length;
    if (!this.ended) this.#take(text.slice(from));
  }

  /** Gives the last line, where nothing ends it. */
  end(): void {
    if (!this.ended) this.#emit();
  }

  #take(part: string): void {
    if (this.#skipping) return;
    const room = longestLine - this.#rest.length;
    if (part.length > room) {
      this.#skipping = true;
      this.cut += 1;
    }
    const taken = part.length > room ? part.slice(0, room) : part;
    this.#rest = this.#rest === "" ? taken : this.#rest + taken;
  }

  #emit(): void {
    const line = this.#rest;
    this.#rest = "";
    this.#skipping = false;
    this.lines += 1;
    this.#onLine(line.charCodeAt(line.length - 1) === 0x0d ? line.slice(0, -1) : line);
  }
}

/** A line as text of its own, which holds no piece of the stream in memory. */
export function kept(line: string): string {
  return Buffer.from(line, "latin1").toString("utf8");
}
