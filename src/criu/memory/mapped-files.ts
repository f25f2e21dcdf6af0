import type { ByteSource } from "../../base/byte-source.ts";
import { ArchiveError } from "../../base/errors.ts";
import type { ProblemLog } from "../../base/problem.ts";
import { readEntries } from "../image.ts";
import type { ImageFolder } from "../image-folder.ts";
import type { Messages } from "../schema/types.ts";

/** Files that mappings name by id: paths of regular files, and memfds with their memory. */
export class MappedFiles {
  readonly #paths = new Map<number, string>();
  readonly #memfds = new Map<number, { name: string; shmid: number }>();

  /** Path of a regular file as the container saw it. */
  path(id: bigint): string | undefined {
    const found = this.#paths.get(Number(id));
    return found === undefined || found.startsWith("/") ? found : `/${found.replace(/^\.\//, "")}`;
  }

  memfd(id: bigint): { name: string; shmid: number } | undefined {
    return this.#memfds.get(Number(id));
  }

  static async read(folder: ImageFolder, problems: ProblemLog): Promise<MappedFiles> {
    const files = new MappedFiles();
    const attempt = async (
      name: string,
      read: (source: ByteSource) => Promise<void>,
    ): Promise<void> => {
      const source = folder.open(name);
      if (source === undefined) return;
      try {
        await read(source);
      } catch (error) {
        if (!(error instanceof ArchiveError)) throw error;
        problems.addFault("broken-image", error, { member: folder.label(name) });
      }
    };
    const inodes = new Map<number, Messages["memfd_inode_entry"]>();
    await attempt("memfd.img", async (source) => {
      for (const inode of await readEntries(source, "memfd_inode_entry")) {
        inodes.set(Number(inode.inode_id), inode);
      }
    });
    await attempt("files.img", async (source) => {
      for (const { id, reg, memfd } of await readEntries(source, "file_entry")) {
        if (reg !== undefined) files.#paths.set(id, reg.name);
        const inode = memfd === undefined ? undefined : inodes.get(memfd.inode_id);
        if (inode !== undefined) {
          files.#memfds.set(id, { name: `/memfd:${inode.name}`, shmid: inode.shmid });
        }
      }
    });
    // CRIU before 3.4 kept each type of file in an image of its own.
    await attempt("reg-files.img", async (source) => {
      for (const reg of await readEntries(source, "reg_file_entry")) {
        files.#paths.set(reg.id, reg.name);
      }
    });
    return files;
  }
}
