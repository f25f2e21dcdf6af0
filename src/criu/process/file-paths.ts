import type { ProblemLog } from "../../base/problem.ts";
import { formatCount } from "../../base/units.ts";
import type { ImageFolder } from "../image-folder.ts";
import { messageSchema } from "../schema/schema.ts";
import { collectEntries } from "./entries.ts";

/** The path of a program or of a working folder. */
export interface FilePath {
  path: string;
  /** Was it deleted, so that its content, if anywhere, is in a ghost file? */
  deleted: boolean;
  fileId: number;
  /** Id of the mount that it lies in. */
  mountId: number | null;
}

interface Entry {
  /** Undefined for what has no path: a socket, a pipe. */
  path: string | undefined;
  mountId: number | null;
  kind: string;
}

/** Paths of files by their id, which is what other images name files by. */
export class FilePaths {
  readonly #folder: ImageFolder;
  readonly #problems: ProblemLog;
  readonly #files: ReadonlyMap<number, Entry>;
  readonly #deleted: ReadonlySet<number>;
  /** The image that they were read from. */
  readonly image: string;

  private constructor(
    folder: ImageFolder,
    problems: ProblemLog,
    image: string,
    files: ReadonlyMap<number, Entry>,
    deleted: ReadonlySet<number>,
  ) {
    this.#folder = folder;
    this.#problems = problems;
    this.#files = files;
    this.#deleted = deleted;
    this.image = image;
  }

  /** Reads `files.img`, or `reg-files.img` of CRIU before 3.3, and which files were deleted. */
  static async read(folder: ImageFolder, problems: ProblemLog): Promise<FilePaths> {
    const old = folder.open("files.img") === undefined;
    const image = old && folder.open("reg-files.img") !== undefined ? "reg-files.img" : "files.img";
    const files = new Map<number, Entry>();
    let twice = 0;
    for (const [id, entry] of await readFiles(folder, image, problems)) {
      if (files.has(id)) twice += 1;
      else files.set(id, entry);
    }
    if (twice > 0) {
      const message = `${formatCount(twice)} files have the id of another; the first counts`;
      const where = { member: folder.label(image) };
      problems.add({ severity: "error", code: "file-id", message, where });
    }
    const remaps = await collectEntries(
      folder,
      "remap-fpath.img",
      "remap_file_path_entry",
      problems,
    );
    // What is remapped to a process is a file of /proc that went with it, and not deleted.
    const deleted = new Set(
      remaps?.flatMap(({ orig_id, remap_type }) => (remap_type === remapProcess ? [] : orig_id)),
    );
    return new FilePaths(folder, problems, image, files, deleted);
  }

  /**
   * The path of a file.
   * @param what names the file in a problem: `the working folder of process 1`
   * @param member the image that names the id
   */
  find(id: number, what: string, member: string): FilePath | null {
    const file = this.#files.get(id);
    if (file?.path !== undefined) {
      const { path, mountId } = file;
      return { path, deleted: this.#deleted.has(id), fileId: id, mountId };
    }
    const why =
      file !== undefined
        ? `which is a file of type ${file.kind} and has no path`
        : this.#folder.open(this.image) === undefined
          ? `and there is no ${this.image}`
          : `which ${this.image} does not hold`;
    this.#problems.add({
      severity: "error",
      code: "file-id",
      message: `${what} is file ${id}, ${why}`,
      where: { member },
    });
    return null;
  }
}

const remapProcess = 2;

async function readFiles(
  folder: ImageFolder,
  image: string,
  problems: ProblemLog,
): Promise<[number, Entry][]> {
  const regular = (it: { name: string; mnt_id?: number | undefined }): Entry => ({
    path: it.name,
    // -1 where CRIU did not know the mount.
    mountId: it.mnt_id === undefined || it.mnt_id < 0 ? null : it.mnt_id,
    kind: "REG",
  });
  if (image === "reg-files.img") {
    const entries = await collectEntries(folder, image, "reg_file_entry", problems);
    return (entries ?? []).map((entry) => [entry.id, regular(entry)]);
  }
  const kinds = messageSchema("file_entry").fields.find(({ name }) => name === "type")?.values;
  const entries = await collectEntries(folder, image, "file_entry", problems);
  return (entries ?? []).map(({ id, type, reg }) => [
    id,
    reg === undefined
      ? { path: undefined, mountId: null, kind: kinds?.get(type) ?? `${type}` }
      : regular(reg),
  ]);
}
