import type { FileEntry, FileTable } from "./file-table.ts";
import type { FileDetails } from "./open-file.ts";

type Ends = NonNullable<FileDetails["pipe"]>;

/** Joins the files that are ends of one pipe or FIFO; files of one pipe have the same object. */
export function joinPipes(table: FileTable): Map<FileEntry, Ends> {
  const pipes = new Map<string, Ends>();
  const ends = new Map<FileEntry, Ends>();
  for (const file of [...table.ofKind("pipe"), ...table.ofKind("fifo")]) {
    const { pipe, fifo } = file.entry;
    const pipeId = pipe?.pipe_id ?? fifo?.pipe_id ?? 0;
    // Numbers of pipes and FIFOs are inodes of different file systems.
    const key = `${file.kind} ${pipeId}`;
    const both = pipes.get(key) ?? { pipeId, readers: [], writers: [] };
    pipes.set(key, both);
    const flags = pipe?.flags ?? table.regular(fifo?.regf_id ?? file.id)?.flags ?? 0;
    const access = flags & 3;
    if (access !== 1) both.readers.push(file.id);
    if (access !== 0) both.writers.push(file.id);
    ends.set(file, both);
  }
  return ends;
}

/** Are the bytes in the pipe shown at this end? */
export function readsPipe(file: FileEntry, { readers, writers }: Ends): boolean {
  const shown = readers.length > 0 ? readers : writers;
  // A pipe may have a million ends, and bytes are told once.
  return shown[0] === file.id;
}
