import type { KnownError } from "./known-error.ts";

/** What an error without words of its own is known by. */
interface Circumstances {
  /** The phase in which the log ends, where it breaks off. */
  lastPhase: string | null;
  kernel: string | null;
  criu: string | null;
  /** Did it fail in a way that nobody knows? */
  unknown: boolean;
}

/** An error that no line names. */
interface WordlessError extends KnownError {
  fits: (circumstances: Circumstances) => boolean;
}

/** Errors that are known by what is not said. */
export const wordlessErrors: readonly WordlessError[] = [
  {
    id: "hangs-while-freezing",
    speaker: "criu",
    phrases: [],
    fits: ({ lastPhase }) => lastPhase === "freeze",
    cause:
      "CRIU waits for processes that do not come to rest: the control group was frozen from outside, or an exec session left a zombie",
    remedy: "thaw the control group, end exec sessions, and let CRIU alone freeze the container",
    sources: ["checkpoint-restore/criu#2572", "checkpoint-restore/criu#2618"],
  },
  {
    id: "kernel-newer-than-criu",
    speaker: "criu",
    phrases: [],
    fits: ({ unknown, kernel, criu }) => unknown && isFrom(kernel, 7, 1) && !isFrom(criu, 4, 3),
    cause: "CRIU up to 4.2 fails on kernels from 7.1 on; this may be why",
    remedy: "install a CRIU newer than 4.2, or run an older kernel",
    sources: ["checkpoint-restore/criu#3002", "cockpit-project/bots#9273"],
  },
];

/** Is a version that, or newer? */
function isFrom(release: string | null, major: number, minor: number): boolean {
  const found = /^(\d{1,4})\.(\d{1,4})/.exec(release ?? "");
  if (found === null) return false;
  const [first, second] = [Number(found[1]), Number(found[2])];
  return first > major || (first === major && second >= minor);
}

/** The first of them that fits. */
export function wordlessError(circumstances: Circumstances): KnownError | undefined {
  return wordlessErrors.find(({ fits }) => fits(circumstances));
}
