/** Node's timers end after 24 days, and ring at once where they are asked for longer. */
const longestTimer = 2 ** 31 - 1;

/** Calls once, after so many milliseconds; what it returns takes that back. */
export function timer(milliseconds: number, ring: () => void): () => void {
  let handle: NodeJS.Timeout;
  const start = (rest: number): void => {
    const step = Math.min(rest, longestTimer);
    handle = setTimeout(() => (step < rest ? start(rest - step) : ring()), step);
  };
  start(milliseconds);
  return () => clearTimeout(handle);
}
