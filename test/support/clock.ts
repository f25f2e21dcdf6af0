import type { Clock } from "../../src/base/clock.ts";

export function realTimer(milliseconds: number, ring: () => void): () => void {
  const handle = setTimeout(ring, milliseconds);
  return () => clearTimeout(handle);
}

/** Limits up to this are of connections and small questions, which a busy machine may need. */
const short = 31_000;

/**
 * A clock that runs so many times as fast as the world's, but for short timers.
 * @param shortToo those are fast as well.
 */
export function fastClock(times: number, shortToo = false): Clock {
  const started = Date.now();
  return {
    now: () => started + (Date.now() - started) * times,
    timer: (milliseconds, ring) =>
      realTimer(milliseconds > short || shortToo ? milliseconds / times : milliseconds, ring),
  };
}
