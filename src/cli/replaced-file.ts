import { randomBytes } from "node:crypto";
import { rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createPrivateFile } from "../archive/private-file.ts";
import { RefusedError } from "../base/errors.ts";
import { quote } from "../base/shell.ts";
import type { Io } from "./io.ts";
import type { Output } from "./output.ts";

/**
 * A file that takes the place of one of its name when it is whole, in one step: whoever reads it
 * meanwhile sees the old one or the new one. A link of that name is replaced, not followed. Until
 * then it has a hidden name beside, which ends in `.partial`, and is its owner's alone.
 * @param mode of the file in the end
 */
export async function openReplacement(file: string, mode: number, io: Io): Promise<Output> {
  const mark = randomBytes(4).toString("hex");
  const partial = join(dirname(file), `.${basename(file)}.${mark}.partial`);
  const handle = await createPrivateFile(partial);
  io.partial(partial, "begun");
  let gone = false;
  const drop = async (): Promise<void> => {
    if (gone) return;
    gone = true;
    await handle.close().catch(() => {});
    await unlink(partial).catch(() => {});
    io.partial(partial, "done");
  };
  const or = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      await drop();
      throw unwritten(file, error as NodeJS.ErrnoException);
    }
  };
  return {
    write: async (piece) => {
      await or(handle.appendFile(piece));
      return true;
    },
    close: async () => {
      if (gone) return;
      await or(handle.chmod(mode));
      // A machine that stops now shall not leave an empty file where there was a whole one.
      await or(handle.sync());
      await or(handle.close());
      await or(rename(partial, file));
      gone = true;
      io.partial(partial, "done");
    },
    drop,
  };
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
