import { apiVersion, type Document } from "../base/document.ts";
import { maskNamed, maskText } from "../base/mask.ts";
import type { Problem } from "../base/problem.ts";
import type { Variable } from "../criu/process/environment.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { noteParentPages } from "./parent-note.ts";
import { findProcess, type ProcessOptions } from "./process-list.ts";

/** The environment of one process. */
export interface ProcessEnvironment {
  pid: number;
  comm: string | null;
  /**
   * In the order of memory; what is there twice is listed twice. Secrets masked unless revealed.
   * Null where the memory is not in the dump, and for zombies.
   */
  variables: Variable[] | null;
}

export interface EnvironmentList extends Document<"EnvironmentList"> {
  path: string;
  /** In the order of the process tree. */
  items: ProcessEnvironment[];
  problems: Problem[];
}

/**
 * Lists the environments of all processes, or of one.
 * @throws ArchiveError when there is no such process.
 */
export async function listEnvironments(
  checkpoint: Checkpoint,
  options: ProcessOptions & { pid?: number } = {},
): Promise<EnvironmentList> {
  const processes =
    options.pid === undefined
      ? await checkpoint.processes()
      : [await findProcess(checkpoint, options.pid)];
  noteParentPages(checkpoint, processes, "env");
  const items: ProcessEnvironment[] = [];
  for (const process of processes) {
    const variables = await (await checkpoint.processReader())?.environment(process);
    items.push({
      pid: process.pid,
      comm: process.comm ?? null,
      variables: variables?.map((entry) => maskVariable(entry, options)) ?? null,
    });
  }
  return {
    apiVersion,
    kind: "EnvironmentList",
    path: checkpoint.archive.path,
    items,
    problems: checkpoint.problems,
  };
}

/** Hides what is secret in one entry; an entry without a name may still hold something. */
export function maskVariable({ name, value }: Variable, { reveal }: ProcessOptions): Variable {
  if (reveal === true) return { name, value };
  if (value === null) return { name: maskText(name), value };
  return { name, value: maskNamed(name, value) };
}
