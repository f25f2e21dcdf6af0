import type { CriuRow } from "./known-error.ts";

/** Lines that follow from an error above them, or that mean nothing by themselves. */
export const aftermath: readonly CriuRow[] = [
  {
    id: "limit-not-raised",
    phrases: ["Can't setup RLIMIT_NOFILE for self"],
    cause: "CRIU could not raise its own limit of open files",
    remedy: "this alone does no harm; look at the other errors",
    secondary: true,
    harmless: true,
    sources: ["recorded"],
  },
  {
    id: "others-ended",
    phrases: [
      "cgroupd: recv req error",
      "uns: recv req error",
      "killed by signal 9",
      "Can't remove the directory",
      "exited, status=%d",
      "Unable to kill %d",
    ],
    cause: "the other processes of the restore were ended because one of them failed",
    remedy: "look for the first error above",
    secondary: true,
    sources: ["checkpoint-restore/criu#2694", "recorded"],
  },
  {
    id: "gave-up",
    phrases: [
      "Dumping FAILED.",
      "Restoring FAILED.",
      "Pre-dumping FAILED.",
      "Dump %s (pid: %d) failed with %d",
      "Collect %s (pid: %d) failed with %d",
      "Killing processes because of failure on restore.",
      "The Network was unlocked so some data or a connection may have been lost.",
      "Unlock network failed",
    ],
    cause: "CRIU gave up, and says why further above",
    remedy: "look for the first error above",
    secondary: true,
    sources: ["criu sources", "recorded"],
  },
];
