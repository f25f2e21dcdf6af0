import type { Document } from "../../base/document.ts";
import type { Problem } from "../../base/problem.ts";
import type { DescriptorChange } from "./descriptors.ts";
import type { VariableChange } from "./environment.ts";
import type { FileChange } from "./files.ts";
import type { FindingChange } from "./findings.ts";
import type { NamedChange, SideFacts } from "./identity.ts";
import type { MemoryDiff } from "./memory.ts";
import type { MountChange } from "./mounts.ts";
import type { ProcessChange } from "./processes.ts";
import type { SocketChange } from "./sockets.ts";

/** What is compared, in the order in which it is told. */
export const diffSections = [
  "container",
  "image",
  "runtime",
  "processes",
  "environment",
  "descriptors",
  "sockets",
  "mounts",
  "memory",
  "files",
  "findings",
] as const;

export type DiffSection = (typeof diffSections)[number];

/**
 * What differs between two checkpoints: also its JSON. A section that was not asked for, or that
 * one of the two says nothing of, is null.
 */
export interface CheckpointDiff extends Document<"CheckpointDiff"> {
  /** Is there any difference in the sections that were compared? */
  different: boolean;
  before: SideFacts;
  after: SideFacts;
  /** Are both of one container? Null where nobody can tell. */
  sameContainer: boolean | null;
  /** Was one of them dumped after the other, which holds pages that it left there? */
  chained: boolean;
  container: NamedChange[] | null;
  image: NamedChange[] | null;
  runtime: NamedChange[] | null;
  processes: ProcessChange[] | null;
  environment: VariableChange[] | null;
  descriptors: DescriptorChange[] | null;
  sockets: SocketChange[] | null;
  mounts: MountChange[] | null;
  memory: MemoryDiff | null;
  files: FileChange[] | null;
  findings: FindingChange[] | null;
  /** Of both; `where.path` says of which. */
  problems: Problem[];
}

/** How many differences a section has. */
export function countChanges(diff: CheckpointDiff, section: DiffSection): number {
  if (section === "memory") return diff.memory?.mappings.length ?? 0;
  return diff[section]?.length ?? 0;
}
