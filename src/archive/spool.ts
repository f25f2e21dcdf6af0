import { unlink } from "node:fs/promises";
import { join } from "node:path";
import type { ByteSource } from "../base/byte-source.ts";
import { ArchiveError } from "../base/errors.ts";
import { type Problem, ProblemLog } from "../base/problem.ts";
import { FileSource } from "./file-source.ts";
import { createPrivateFile } from "./private-file.ts";

/**
 * Copies a tar that cannot seek into a private file which has no name any more when this returns,
 * so that nothing stays behind, whatever happens. Only done when the user gave the folder.
 * Damage of the stream ends the copy with a problem; what came before it can be read.
 */
export async function spool(
  input: AsyncIterable<Uint8Array>,
  folder: string,
): Promise<{ source: ByteSource; problems: Problem[]; close: () => Promise<void> }> {
  const { randomUUID } = await import("node:crypto");
  const path = join(folder, `.cryoscope-spool-${randomUUID()}`);
  const handle = await createPrivateFile(path);
  await unlink(path);
  const problems = new ProblemLog();
  let size = 0;
  try {
    for await (const chunk of input) {
      await handle.appendFile(chunk);
      size += chunk.length;
    }
  } catch (error) {
    if (!(error instanceof ArchiveError) || size === 0) {
      await handle.close();
      throw error;
    }
    problems.addFault("damaged-stream", error);
  }
  const source = new FileSource(handle.fd, size, path);
  return { source, problems: problems.list(), close: () => handle.close() };
}
