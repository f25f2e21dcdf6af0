import { constants } from "node:fs";
import { type FileHandle, open, symlink, unlink } from "node:fs/promises";
import { Fault, RefusedError } from "../base/errors.ts";
import type { Archive } from "./archive.ts";
import { type LinkPolicy, refuse } from "./extract-rules.ts";
import { canonicalName, nameHazard, type TarMember } from "./member.ts";
import { below, cannot, descend, openFolder } from "./safe-tree.ts";

export interface ExtractOptions {
  /** Keep permission bits (never set-user-ID and friends). Else files are 0600, folders 0700. */
  sameMode?: boolean;
  /** Give files to the uid and gid of the archive; needs root. */
  sameOwner?: boolean;
  links?: LinkPolicy;
  /** Called before a file is made and after it is whole, so that a cut can be cleaned up. */
  partial?: (path: string, state: "begun" | "done") => void;
  progress?: (bytes: number) => void;
}

/** One member that was written, or was not. */
export interface Extracted {
  name: string;
  status: "written" | "skipped" | "refused" | "failed";
  sizeBytes: number;
  /** Why it was not written. */
  reason?: string;
}

type FileRights = Pick<TarMember, "name" | "mode" | "uid" | "gid">;

/** Content with holes. Offsets and sizes in bytes. */
export interface SparseContent extends FileRights {
  size: number;
  /** The stored runs in ascending order; all between them is zero. */
  stored(): AsyncIterable<{ at: number; bytes: Uint8Array }>;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/**
 * Writes members below a folder: never outside it, never over what exists, never through a link.
 *
 * Every folder on the way is opened without following links and the next step is taken relative
 * to that descriptor (by `/proc/self/fd`), so that nobody who changes the tree meanwhile can lead
 * us out of it. Devices, FIFOs and what has a hostile name are never made.
 */
export class Extractor {
  readonly #root: string;
  readonly #options: ExtractOptions;

  constructor(root: string, options: ExtractOptions = {}) {
    this.#root = root;
    this.#options = options;
  }

  async extract(archive: Archive, member: TarMember): Promise<Extracted> {
    const result = { name: member.name, sizeBytes: 0 };
    const refusal = refuse(member, this.#options.links ?? "skip");
    if (refusal !== undefined) return { ...result, ...refusal };
    try {
      const sizeBytes = await this.#write(archive, member);
      return { ...result, status: "written", sizeBytes };
    } catch (error) {
      return { ...result, ...failure(error) };
    }
  }

  /**
   * Writes content that is no member of its own, such as a deleted file out of its image.
   * @param content with `name`, one step below the folder
   */
  async extractContent(content: SparseContent): Promise<Extracted> {
    const { name } = content;
    const result = { name, sizeBytes: 0 };
    try {
      if (name.includes("/") || nameHazard(name) !== undefined) {
        return { ...result, status: "refused", reason: "its name is no plain one" };
      }
      const folder = await openFolder(this.#root, this.#root);
      try {
        const path = below(folder, this.#root, name);
        const shown = `${this.#root}/${name}`;
        await this.#file(path, shown, content, (handle) => this.#fillSparse(handle, content));
      } finally {
        await folder.close();
      }
      return { ...result, status: "written", sizeBytes: content.size };
    } catch (error) {
      return { ...result, ...failure(error) };
    }
  }

  /** Holes stay holes, so that a file of any size costs what is stored of it. */
  async #fillSparse(
    handle: FileHandle,
    content: Pick<SparseContent, "size" | "stored">,
  ): Promise<number> {
    for await (const { at, bytes } of content.stored()) {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
      this.#options.progress?.(bytes.length);
    }
    await handle.truncate(content.size);
    return content.size;
  }

  async #write(archive: Archive, member: TarMember): Promise<number> {
    const parts = canonicalName(member.name).split("/");
    const isFolder = member.type === "directory";
    const name = isFolder ? undefined : (parts.pop() as string);
    const folder = await descend(this.#root, parts, member.name);
    const shownFolder = [this.#root, ...parts].join("/");
    try {
      if (name === undefined) {
        if (this.#options.sameMode === true) await folder.chmod(member.mode & 0o777);
        await this.#own(folder, member);
        return 0;
      }
      const path = below(folder, shownFolder, name);
      const shown = `${shownFolder}/${name}`;
      if (member.type === "symlink") return await this.#link(path, shown, member);
      return await this.#file(path, shown, member, (handle) =>
        this.#append(handle, archive, member),
      );
    } finally {
      await folder.close();
    }
  }

  async #file(
    path: string,
    shown: string,
    rights: FileRights,
    fill: (handle: FileHandle) => Promise<number>,
  ): Promise<number> {
    const handle = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600).catch(
      (error) => {
        throw cannot(shown, error);
      },
    );
    this.#options.partial?.(shown, "begun");
    try {
      await handle.chmod(0o600);
      const written = await fill(handle);
      await this.#own(handle, rights);
      if (this.#options.sameMode === true) await handle.chmod(rights.mode & 0o777);
      return written;
    } catch (error) {
      await unlink(path).catch(() => {});
      throw error instanceof Fault ? error : cannot(shown, error);
    } finally {
      await handle.close();
      this.#options.partial?.(shown, "done");
    }
  }

  async #append(handle: FileHandle, archive: Archive, member: TarMember): Promise<number> {
    const source = archive.open(member);
    // A sparse file may claim any size; only what is stored of it is written.
    if (source.stored !== undefined) {
      const { size } = source;
      return this.#fillSparse(handle, { size, stored: () => source.stored?.() ?? nothing() });
    }
    let written = 0;
    for await (const chunk of source.stream()) {
      await handle.appendFile(chunk);
      written += chunk.length;
      this.#options.progress?.(chunk.length);
    }
    return written;
  }

  async #link(path: string, shown: string, member: TarMember): Promise<number> {
    await symlink(member.linkName ?? "", path).catch((error) => {
      throw cannot(shown, error);
    });
    return 0;
  }

  async #own(handle: FileHandle, member: FileRights): Promise<void> {
    if (this.#options.sameOwner !== true) return;
    await handle.chown(member.uid, member.gid).catch((error) => {
      throw new RefusedError({
        what: `${member.name} cannot be given to uid ${member.uid}`,
        next: "run it as root, or leave --same-owner out",
        cause: error,
      });
    });
  }
}

/** Faults are results of one member; what else is thrown is no matter of the member. */
function failure(error: unknown): Pick<Extracted, "status" | "reason"> {
  if (!(error instanceof Fault) || error.kind === "interrupted") throw error;
  const status = error.kind === "refused" ? "refused" : "failed";
  return { status, reason: error.message };
}

async function* nothing(): AsyncGenerator<never> {}
