import type { Rule } from "../rule.ts";
import { anonymousExecutable } from "./attack/anonymous-executable.ts";
import { borrowedName } from "./attack/borrowed-name.ts";
import { changedProgram } from "./attack/changed-program.ts";
import { deletedProgram } from "./attack/deleted-program.ts";
import { foreignLibrary } from "./attack/foreign-library.ts";
import { kernelThreadName } from "./attack/kernel-thread-name.ts";
import { listener } from "./attack/listener.ts";
import { memfdCode } from "./attack/memfd-code.ts";
import { misplacedProgram } from "./attack/misplaced-program.ts";
import { outbound } from "./attack/outbound.ts";
import { outsideProcessTree } from "./attack/outside-process-tree.ts";
import { preload } from "./attack/preload.ts";
import { processMemoryAccess } from "./attack/process-memory-access.ts";
import { rawSocket } from "./attack/raw-socket.ts";
import { writableExecutable } from "./attack/writable-executable.ts";

/** Rules of the group `attack`; each is a file of its own in the folder of that name. */
export const attackRules: readonly Rule[] = [
  kernelThreadName,
  memfdCode,
  deletedProgram,
  misplacedProgram,
  changedProgram,
  writableExecutable,
  anonymousExecutable,
  foreignLibrary,
  preload,
  processMemoryAccess,
  rawSocket,
  outsideProcessTree,
  borrowedName,
  listener,
  outbound,
];
