import { randomBytes } from "node:crypto";
import { type FileHandle, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RefusedError } from "../base/errors.ts";
import { quote } from "../base/shell.ts";
import type { Io } from "./io.ts";
import { type Output, openWholeFile } from "./output.ts";

/**
 * A file that takes the place of one of its name when it is whole, in one step: whoever reads it
 * meanwhile sees the old one or the new one. A link of that name is replaced, not followed. Until
 * then it has a hidden name beside, which ends in `.partial`, and is its owner's alone.
 * @param mode of the file in the end
 */
export function openReplacement(file: string, mode: number, io: Io): Promise<Output> {
  const mark = randomBytes(4).toString("hex");
  const partial = join(dirname(file), `.${basename(file)}.${mark}.partial`);
  const finish = async (handle: FileHandle): Promise<void> => {
    await handle.chmod(mode);
    // A machine that stops now shall not leave an empty file where there was a whole one.
    await handle.sync();
    await handle.close();
    await rename(partial, file);
  };
  return openWholeFile(partial, io, finish, (error) => unwritten(file, error));
}

function unwritten(file: string, { code, message }: NodeJS.ErrnoException): RefusedError {
  return new RefusedError({
    code: "not-replaced",
    what: `the result cannot be written to ${file}, and what was there is as it was`,
    where: { path: file },
    found: code ?? message,
    next: `look whether it is a folder, and whether there is room: df -h ${quote(dirname(file))}`,
  });
}
