import { randomInt } from "node:crypto";
import { type Clock, pause } from "../base/clock.ts";
import type { Fault } from "../base/errors.ts";

/** Failures in a row after which we give up; each waits twice as long as the one before. */
const mostFailures = 5;
const firstPause = 500;
/** What a server may ask us to wait; one that wants longer is busy. */
const longestPause = 30_000;

/** A failure that may pass. */
export class Passing extends Error {
  readonly fault: Fault;
  /** Milliseconds that the server asks us to wait. */
  readonly wait: number | undefined;

  constructor(fault: Fault, wait?: number) {
    super(fault.message);
    this.fault = fault;
    this.wait = wait;
  }
}

/** Statuses of servers that may do it later. */
export function mayPass(status: number): boolean {
  return [408, 425, 429, 500, 502, 503, 504].includes(status);
}

/** `Retry-After`: seconds or a date (RFC 9110 §10.2.3), in milliseconds from now. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const time = Date.parse(header);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}

/** Counts failures that follow one another, and waits between. */
export class Patience {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #failures = 0;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** It went on. */
  progress(): void {
    this.#failures = 0;
  }

  /**
   * Waits; no longer once the signal is aborted, of which the next attempt tells.
   * @throws {Fault} of the failure, where there were too many, or the wait would be too long.
   */
  async after({ fault, wait = 0 }: Passing): Promise<void> {
    this.#failures += 1;
    if (this.#failures >= mostFailures || wait > longestPause) throw fault;
    const usual = firstPause * 2 ** (this.#failures - 1);
    // Many that fail at once shall not come back at once.
    await pause(this.#clock, Math.max(wait, usual / 2 + randomInt(usual / 2 + 1)), this.#signal);
  }
}
