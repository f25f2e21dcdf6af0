import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { RefusedError } from "../base/errors.ts";
import { quote } from "../base/shell.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;

/**
 * Makes a new file that only its owner can read, whatever the umask. Never opens what is there
 * already, nor through a link.
 * @throws RefusedError when something of that name exists.
 */
export async function createPrivateFile(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    await handle.chmod(0o600);
    return handle;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const exists = code === "EEXIST";
    throw new RefusedError({
      what: exists
        ? `${path} exists already, and nothing is ever overwritten`
        : `${path} cannot be created (${code})`,
      where: { path },
      next: exists
        ? `choose another name, or remove it first: rm ${quote(path)}`
        : "choose a folder that exists and that you may write to",
      cause: error,
    });
  }
}
