import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Archive } from "../../archive/archive.ts";
import { openSource } from "../../archive/open-archive.ts";
import type { ByteSource } from "../../base/byte-source.ts";
import { ArchiveError } from "../../base/errors.ts";
import type { Problem } from "../../base/problem.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { RestoreNeeds } from "../needs.ts";
import { applyLayer, removePath } from "./apply-layer.ts";
import type { Base } from "./base.ts";
import { type BaseImage, readBaseImage } from "./base-image.ts";
import { archiveStore, folderStore } from "./blob-store.ts";
import type { RestoreBundle } from "./bundle.ts";
import { copyDirectory } from "./copy-directory.ts";
import type { RoomMeter } from "./room.ts";
import { partsOf } from "./root-tree.ts";
import { TreeWriter } from "./tree-writer.ts";

interface WrittenRootfs {
  written: RestoreBundle["rootfs"];
  problems: Problem[];
  /** What lies at a path; undefined where there is nothing, or neither of the two. */
  look(path: string): "file" | "directory" | undefined;
  /** The path without links, as a process with this root would come to it. */
  resolve(path: string): string;
  close(): void;
}

interface Options {
  base: Base;
  needs: RestoreNeeds;
  owners: boolean;
  room: RoomMeter;
}

/** Lays down the base image and, over it, what the container changed. */
export async function writeRootfs(
  checkpoint: Checkpoint,
  part: string,
  { base, needs, owners, room }: Options,
): Promise<WrittenRootfs> {
  const root = join(part, "rootfs");
  await mkdir(root);
  await chmod(root, 0o755);
  const writer = new TreeWriter(root, owners, room);
  try {
    const work = new RootfsWork(checkpoint, writer, part);
    const image = await work.base(base, needs, room, owners);
    await work.changes();
    await work.deletions();
    const mode = await rootMode(checkpoint);
    if (mode !== undefined) await chmod(root, mode);
    const tree = writer.tree;
    return {
      written: {
        ...writer.count,
        base: {
          form: base.form,
          path: base.path,
          digest: image?.digest ?? null,
          layers: image?.layers.length ?? 0,
        },
        removed: work.removed,
        mode: (mode ?? tree.rootMode()).toString(8).padStart(4, "0"),
      },
      problems: work.problems,
      look: (path) => {
        const found = tree.look(partsOf(path) ?? []);
        if (found?.isDirectory() === true) return "directory";
        return found?.isFile() === true ? "file" : undefined;
      },
      resolve: (path) => tree.resolve(partsOf(path) ?? []),
      close: () => writer.close(),
    };
  } catch (error) {
    writer.close();
    throw error;
  }
}

class RootfsWork {
  removed = 0;
  readonly problems: Problem[] = [];
  readonly #checkpoint: Checkpoint;
  readonly #writer: TreeWriter;
  /** Folder for a copy of what is compressed, which has no name. */
  readonly #spool: string;

  constructor(checkpoint: Checkpoint, writer: TreeWriter, spool: string) {
    this.#checkpoint = checkpoint;
    this.#writer = writer;
    this.#spool = spool;
  }

  async base(
    base: Base,
    needs: RestoreNeeds,
    room: RoomMeter,
    owners: boolean,
  ): Promise<BaseImage | undefined> {
    if (base.form === "directory") {
      await copyDirectory(this.#writer, base.path, room, owners);
      return undefined;
    }
    const store =
      base.form === "oci" ? folderStore(base.path) : await archiveStore(base.path, this.#spool);
    try {
      const architecture = needs.machine.architecture.value ?? undefined;
      const image = await readBaseImage(store, base, architecture);
      for (const { name, source } of image.layers) {
        await this.#layer(`${base.path}!${name}`, source);
      }
      return image;
    } finally {
      await store.close();
    }
  }

  /** What the container changed; containerd's has whiteouts, which the other two never write. */
  async changes(): Promise<void> {
    const { archive } = this.#checkpoint;
    const member = archive.find("rootfs-diff.tar");
    if (member === undefined) {
      this.problems.push({
        severity: "warning",
        code: "no-rootfs-diff",
        message:
          "the archive holds no rootfs-diff.tar, so the root file system is the base image's",
      });
      return;
    }
    await this.#layer(`${archive.path}!rootfs-diff.tar`, archive.open(member));
  }

  async deletions(): Promise<void> {
    const deleted = await this.#checkpoint.documents.json("deleted.files");
    for (const path of Array.isArray(deleted) ? (deleted as unknown[]) : []) {
      const parts = typeof path === "string" ? partsOf(path) : undefined;
      if (parts !== undefined && removePath(this.#writer, parts)) this.removed += 1;
    }
  }

  async #layer(path: string, source: ByteSource): Promise<void> {
    const layer = await openSource(source, { path, spool: this.#spool });
    try {
      requireWhole(layer, path);
      this.removed += await applyLayer(this.#writer, layer);
    } finally {
      await layer.close();
    }
  }
}

/** Half a layer looks like a root file system, and is none. */
function requireWhole(layer: Archive, path: string): void {
  const damage = layer.problems.find(({ severity }) => severity === "error");
  if (damage === undefined) return;
  throw new ArchiveError({
    what: `a layer of the root file system is damaged: ${damage.message}`,
    where: { path },
    next: "fetch it again and compare digests",
  });
}

/** CRIU compares the mode of the root folder with what it was. */
async function rootMode(checkpoint: Checkpoint): Promise<number | undefined> {
  const { files } = await checkpoint.files();
  const root = files.find(
    ({ path, mount, mode }) =>
      (path === "/" || path === ".") && mount?.mountpoint === "/" && mode !== undefined,
  );
  return root?.mode === undefined ? undefined : root.mode & 0o7777;
}
