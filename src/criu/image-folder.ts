import type { ByteSource } from "../base/byte-source.ts";

/** The images of one dump, by file name without folder. How they are stored is not our matter. */
export interface ImageFolder {
  /** File names in the order of the medium. */
  names(): Iterable<string>;
  /** The bytes of a file, or undefined where there is no regular file of that name. */
  open(name: string): ByteSource | undefined;
  /** The name by which problems call a file: its whole path in the archive. */
  label(name: string): string;
}
