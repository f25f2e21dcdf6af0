import { BufferSource } from "../../src/archive/buffer-source.ts";
import { type Problem, ProblemLog } from "../../src/base/problem.ts";
import { readFileTable } from "../../src/criu/files/file-table.ts";
import { readEntries } from "../../src/criu/image.ts";
import type { ImageFolder } from "../../src/criu/image-folder.ts";
import type { ProcessDetails } from "../../src/criu/process/process-details.ts";
import { ProcessReader } from "../../src/criu/process/process-reader.ts";
import { readProcesses } from "../../src/criu/processes.ts";
import type { MessageName } from "../../src/criu/schema/schema.ts";
import type { Messages } from "../../src/criu/schema/types.ts";
import { entry, image } from "./criu-encoder.ts";
import type { MemoryFolder } from "./memory-folder.ts";

interface AllDetails {
  details: Map<number, ProcessDetails>;
  problems: Problem[];
}

/** Reads every process of a folder in full. */
export async function readAll(folder: ImageFolder): Promise<AllDetails> {
  const problems = new ProblemLog();
  const reader = new ProcessReader({ folder, problems }, () => readFileTable({ folder, problems }));
  const details = new Map<number, ProcessDetails>();
  for (const process of await readProcesses(folder, problems)) {
    await reader.effectiveUid(process);
    details.set(process.pid, await reader.details(process));
  }
  return { details, problems: problems.list() };
}

/** The only entry of an image, changed, as an image again. */
export async function edited<Name extends MessageName>(
  folder: MemoryFolder,
  name: string,
  type: string,
  message: Name,
  change: (entry: Messages[Name]) => object,
): Promise<Uint8Array> {
  const source = new BufferSource(folder.images.get(name) as Uint8Array);
  const [first] = await readEntries(source, message);
  return image(type, entry(message, change(first as Messages[Name])));
}
