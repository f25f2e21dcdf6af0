import { aftermath } from "./criu-aftermath.ts";
import { dumpErrors } from "./criu-dump-errors.ts";
import { imageErrors } from "./criu-image-errors.ts";
import { restoreErrors } from "./criu-restore-errors.ts";
import { socketErrors } from "./criu-socket-errors.ts";
import type { KnownError } from "./known-error.ts";

/** All that CRIU says when it fails. The first that matches a text is the one that counts. */
export const criuErrors: readonly KnownError[] = [
  ...socketErrors,
  ...dumpErrors,
  ...restoreErrors,
  ...imageErrors,
  ...aftermath,
].map((row) => ({ ...row, speaker: "criu" as const }));
