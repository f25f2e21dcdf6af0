/** Time as the client sees it. Tests give one that runs faster. */
export interface Clock {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Calls once, after so many milliseconds; what it returns takes that back. */
  timer: (milliseconds: number, ring: () => void) => () => void;
}

/** Resolves after so many milliseconds, or at once when the signal is aborted. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.timer(milliseconds, end);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
