import type { ByteSource } from "../base/byte-source.ts";
import type { Decoded } from "./decode.ts";
import { readEntries } from "./image.ts";
import { messageSchema } from "./schema/schema.ts";

/** `TASK_…` of CRIU's `include/pid.h`; a zombie is stored as dead. */
export type TaskState = "alive" | "zombie" | "stopped" | "unknown";

/** What `core-PID.img` says of a task, as far as a summary wants it. */
export interface TaskCore {
  comm: string | undefined;
  state: TaskState;
  /** For a zombie: what it exited with, or the signal that ended it. */
  exit: { code: number; signal?: number } | undefined;
  /** `X86_64`, `AARCH64`, … */
  architecture: string;
  entry: Decoded<"core_entry">;
}

const states: Record<number, TaskState> = { 1: "alive", 2: "zombie", 3: "stopped", 6: "zombie" };

export async function readCore(source: ByteSource): Promise<TaskCore | undefined> {
  const entry = (await readEntries(source, "core_entry"))[0];
  if (entry === undefined) return undefined;
  const state = entry.tc === undefined ? "unknown" : (states[entry.tc.task_state] ?? "unknown");
  const status = entry.tc?.exit_code ?? 0;
  const signal = status & 0x7f;
  return {
    comm: entry.tc?.comm ?? entry.thread_core?.comm,
    state,
    exit:
      state !== "zombie"
        ? undefined
        : { code: (status >> 8) & 0xff, ...(signal === 0 ? {} : { signal }) },
    architecture: architectureName(entry.mtype),
    entry,
  };
}

function architectureName(mtype: number): string {
  const field = messageSchema("core_entry").fields.find(({ name }) => name === "mtype");
  return field?.values?.get(mtype) ?? `unknown (${mtype})`;
}
