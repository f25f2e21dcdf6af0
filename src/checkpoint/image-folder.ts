import type { Archive } from "../archive/archive.ts";
import type { ByteSource } from "../base/byte-source.ts";
import type { ImageFolder } from "../criu/image-folder.ts";

/** Where CRIU's images may lie in an archive, the likeliest first; "" is its top. */
const folders = ["checkpoint", "", "pre-checkpoint"];

/** The images of an archive, seen as one folder. */
export class ArchiveImageFolder implements ImageFolder {
  readonly #archive: Archive;
  readonly #prefix: string;

  constructor(archive: Archive, folder: string) {
    this.#archive = archive;
    this.#prefix = folder === "" ? "" : `${folder}/`;
  }

  *names(): IterableIterator<string> {
    for (const name of this.#archive.names()) {
      if (!name.startsWith(this.#prefix)) continue;
      const rest = name.slice(this.#prefix.length);
      if (rest !== "" && !rest.includes("/")) yield rest;
    }
  }

  open(name: string): ByteSource | undefined {
    const member = this.#archive.find(this.label(name));
    const regular = member?.type === "file" || member?.type === "hardlink";
    if (member === undefined || !regular || !this.#archive.hasContent(member)) return undefined;
    return this.#archive.open(member);
  }

  label(name: string): string {
    return `${this.#prefix}${name}`;
  }
}

/** Finds the folder that holds a dump; undefined where the archive has none. */
export function findImageFolder(archive: Archive): string | undefined {
  for (const folder of folders) {
    const prefix = folder === "" ? "" : `${folder}/`;
    for (const name of ["pstree.img", "inventory.img"]) {
      if (archive.find(`${prefix}${name}`) !== undefined) return folder;
    }
  }
  return undefined;
}
