import { BufferSource } from "../../src/archive/buffer-source.ts";
import { ArchiveError } from "../../src/base/errors.ts";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.ts";
import type { ImageFolder } from "../../src/criu/image-folder.ts";

/** A folder of images in memory, of which a test changes what it wants. */
export class MemoryFolder implements ImageFolder {
  readonly images: Map<string, Uint8Array>;

  constructor(images: Iterable<readonly [string, Uint8Array]>) {
    this.images = new Map(images);
  }

  /** The images of a sample. */
  static async of(path: string): Promise<MemoryFolder> {
    const checkpoint = await openCheckpoint(path, { permissions: "any" });
    const { images } = checkpoint;
    if (images === undefined) throw new ArchiveError({ what: `${path} has no images` });
    const found: [string, Uint8Array][] = [];
    for (const name of images.names()) {
      const source = images.open(name);
      if (source !== undefined) found.push([name, await source.read(0, source.size)]);
    }
    await checkpoint.close();
    return new MemoryFolder(found);
  }

  /** Another folder with other content in the place of some images; undefined takes one away. */
  with(changes: Readonly<Record<string, Uint8Array | undefined>>): MemoryFolder {
    const images = new Map(this.images);
    for (const [name, content] of Object.entries(changes)) {
      if (content === undefined) images.delete(name);
      else images.set(name, content);
    }
    return new MemoryFolder(images);
  }

  names(): Iterable<string> {
    return this.images.keys();
  }

  open(name: string): BufferSource | undefined {
    const bytes = this.images.get(name);
    return bytes === undefined ? undefined : new BufferSource(bytes);
  }

  label(name: string): string {
    return name;
  }
}
