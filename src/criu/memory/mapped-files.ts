import type { FileTable } from "../files/file-table.ts";
import type { Memfd } from "../files/memfds.ts";

/** Files that mappings name by id: paths of regular files, and memfds with their memory. */
export class MappedFiles {
  readonly #table: FileTable;
  readonly #memfds: ReadonlyMap<number, Memfd>;

  /** @param memfds by the number of their inode */
  constructor(table: FileTable, memfds: ReadonlyMap<number, Memfd>) {
    this.#table = table;
    this.#memfds = memfds;
  }

  /** Path of a regular file as the container saw it. */
  path(id: bigint): string | undefined {
    const found = this.#table.regular(Number(id))?.name;
    return found === undefined || found.startsWith("/") ? found : `/${found.replace(/^\.\//, "")}`;
  }

  memfd(id: bigint): { name: string; shmid: number } | undefined {
    const file = this.#table.find("memfd", Number(id))?.entry.memfd;
    const memfd = file === undefined ? undefined : this.#memfds.get(file.inode_id);
    return memfd === undefined ? undefined : { name: `/memfd:${memfd.name}`, shmid: memfd.shmid };
  }
}
