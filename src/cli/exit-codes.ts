import type { FaultKind } from "../base/errors.ts";

/** Exit codes of the command. 125 to 129 belong to container tools and shells. */
export const exitCodes = {
  fine: 0,
  findings: 1,
  usage: 2,
  archive: 3,
  refused: 4,
  remote: 5,
  timeout: 6,
  bug: 70,
  interrupted: 130,
} as const satisfies Record<FaultKind | "fine" | "findings", number>;
