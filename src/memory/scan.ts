import { type ByteSource, fill } from "../base/byte-source.ts";
import { Kernel } from "./kernel/kernel.ts";
import type { Match, Matcher } from "./matcher.ts";

/** What one window showed. */
export interface ScanBatch {
  /** Offsets from the start of the run that is scanned. */
  matches: Match[];
  /** The bytes of a match. A view, valid until the next batch is asked for. */
  bytes: (match: Match) => Uint8Array;
  /** The window itself, a view as well, and where it begins in the run. */
  window: Uint8Array;
  start: number;
}

/** Bytes that are read at a time. */
export const windowBytes = 1024 * 1024;

/** Windows that are read ahead: reading costs more than looking, and two reads go side by side. */
const ahead = 3;

/**
 * Runs a matcher over bytes [offset, offset + length) of a source in constant memory; the next
 * windows are read while one is looked at. Windows overlap by the longest match, so that what
 * lies across them is found, and what could still grow at the end of one is left to the next, so
 * that it is found once.
 */
export async function* scan(
  source: ByteSource,
  offset: number,
  length: number,
  matcher: Matcher,
  step = windowBytes,
): AsyncGenerator<ScanBatch> {
  const overlap = matcher.longest + matcher.lookBack;
  const windows = new Windows(source, offset, length, step, overlap);
  try {
    let from = 0;
    for (let loaded = await windows.next(); loaded; loaded = await windows.next()) {
      const { kernel, start, end } = loaded;
      const window = kernel.window.subarray(0, end - start);
      // A match that begins behind this point could be longer than what the window shows.
      const safe = end === length ? length : end - matcher.longest;
      const matches: Match[] = [];
      for (const match of matcher.matches(window, Math.max(0, from - start), kernel)) {
        if (match.start + start >= safe) break;
        matches.push({ start: match.start + start, end: match.end + start });
      }
      from = Math.max(from, safe, matches.at(-1)?.end ?? 0);
      if (matches.length > 0) {
        yield {
          matches,
          bytes: (match) => window.subarray(match.start - start, match.end - start),
          window,
          start,
        };
      }
    }
  } finally {
    await windows.close();
  }
}

/** A window in a kernel, and where it lies in the run. */
interface Loaded {
  kernel: Kernel;
  start: number;
  end: number;
}

/** Reads overlapping windows in order, some ahead of the one that is looked at. */
export class Windows {
  readonly #source: ByteSource;
  readonly #offset: number;
  readonly #length: number;
  readonly #step: number;
  readonly #overlap: number;
  readonly #kernels: Kernel[];
  readonly #pending: Promise<Loaded>[] = [];
  #asked = 0;
  #current: Kernel | undefined;

  constructor(source: ByteSource, offset: number, length: number, step: number, overlap: number) {
    this.#source = source;
    this.#offset = offset;
    this.#length = length;
    this.#step = step;
    this.#overlap = overlap;
    const count = Math.min(ahead + 1, Math.ceil(length / step));
    this.#kernels = borrow(count, Math.min(length, step + overlap));
  }

  /** The next window; the one before it is given back. */
  async next(): Promise<Loaded | undefined> {
    if (this.#current !== undefined) this.#kernels.push(this.#current);
    this.#current = undefined;
    while (this.#kernels.length > 0 && this.#asked * this.#step < this.#length) this.#ask();
    const loaded = await this.#pending.shift();
    this.#current = loaded?.kernel;
    return loaded;
  }

  /** Who stops early leaves reads under way; the buffers are free when they have ended. */
  async close(): Promise<void> {
    const rest = await Promise.allSettled(this.#pending);
    for (const one of rest) if (one.status === "fulfilled") this.#kernels.push(one.value.kernel);
    if (this.#current !== undefined) this.#kernels.push(this.#current);
    giveBack(this.#kernels);
  }

  #ask(): void {
    const start = Math.max(0, this.#asked * this.#step - this.#overlap);
    const end = Math.min(this.#length, (this.#asked + 1) * this.#step);
    const kernel = this.#kernels.pop() as Kernel;
    this.#asked += 1;
    const reading = fill(
      this.#source,
      this.#offset + start,
      kernel.window.subarray(0, end - start),
    );
    const loaded = reading.then(() => ({ kernel, start, end }));
    // A failure is met when its turn comes; until then it must not count as unhandled.
    loaded.catch(() => {});
    this.#pending.push(loaded);
  }
}

/** A dump has thousands of small runs of pages, so the kernels of one are kept for the next. */
const idle: Kernel[] = [];
const roomBytes = windowBytes + 128 * 1024;

function borrow(count: number, size: number): Kernel[] {
  const kernels: Kernel[] = [];
  while (kernels.length < count) {
    const kept = size <= roomBytes ? idle.pop() : undefined;
    kernels.push(kept ?? new Kernel(Math.max(size, roomBytes)));
  }
  return kernels;
}

function giveBack(kernels: readonly Kernel[]): void {
  for (const kernel of kernels) {
    if (idle.length <= ahead && kernel.window.length === roomBytes) idle.push(kernel);
  }
}
