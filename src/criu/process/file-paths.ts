import type { ReadContext } from "../entries.ts";
import type { FileTable } from "../files/file-table.ts";

/** The path of a program or of a working folder. */
export interface FilePath {
  path: string;
  /** Was it deleted, so that its content, if anywhere, is in a ghost file? */
  deleted: boolean;
  fileId: number;
  /** Id of the mount that it lies in. */
  mountId: number | null;
}

/** Paths of regular files by their id, which is what other images name files by. */
export class FilePaths {
  readonly #context: ReadContext;
  readonly #table: FileTable;

  constructor(context: ReadContext, table: FileTable) {
    this.#context = context;
    this.#table = table;
  }

  /**
   * The path of a file.
   * @param what names the file in a problem: `the working folder of process 1`
   * @param member the image that names the id
   */
  find(id: number, what: string, member: string): FilePath | null {
    const file = this.#table.regular(id);
    if (file !== undefined) {
      // What is remapped to a process is a file of /proc that went with it, and not deleted.
      const remap = this.#table.remaps.get(id)?.remap.how;
      const deleted = remap === "ghost" || remap === "link";
      // -1 where CRIU did not know the mount.
      const mountId = file.mnt_id === undefined || file.mnt_id < 0 ? null : file.mnt_id;
      return { path: file.name, deleted, fileId: id, mountId };
    }
    this.#context.problems.add({
      severity: "error",
      code: "file-id",
      message: `${what} is file ${id}, ${this.#whyNot(id)}`,
      where: { member },
    });
    return null;
  }

  #whyNot(id: number): string {
    const [kind] = this.#table.kindsOf(id);
    if (kind !== undefined) return `which is a file of type ${kind} and has no path`;
    // CRIU before 3.4 kept each type of file in an image of its own.
    const image = ["files.img", "reg-files.img"].find((name) => this.#context.folder.open(name));
    return image === undefined ? "and there is no files.img" : `which ${image} does not hold`;
  }
}
