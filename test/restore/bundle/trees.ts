import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BufferSource } from "../../../src/archive/buffer-source.ts";
import { openSource } from "../../../src/archive/open-archive.ts";
import { applyLayer } from "../../../src/restore/bundle/apply-layer.ts";
import { RoomMeter } from "../../../src/restore/bundle/room.ts";
import { TreeWriter } from "../../../src/restore/bundle/tree-writer.ts";
import { type Ran, run } from "../../support/run.ts";
import { scratch } from "../../support/samples.ts";
import { type Entry, tar } from "../../support/tar-builder.ts";

/** A root with something beside it that nothing may touch. */
export function guarded(): { root: string; outside: string } {
  const folder = scratch();
  const root = join(folder, "root");
  mkdirSync(root, { mode: 0o755 });
  const outside = join(folder, "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "kept"), "untouched");
  return { root, outside };
}

/** Lays layers over each other below a root, the lowest first. */
export async function layDown(
  root: string,
  ...layers: readonly (readonly Entry[])[]
): Promise<TreeWriter["count"] & { removed: number }> {
  const writer = new TreeWriter(root, false, await RoomMeter.on(root));
  let removed = 0;
  try {
    for (const entries of layers) {
      const layer = await openSource(new BufferSource(tar(entries)), { path: "layer" });
      removed += await applyLayer(writer, layer);
      await layer.close();
    }
  } finally {
    writer.close();
  }
  return { ...writer.count, removed };
}

/** A folder with a root file system that needs no rights to be copied. */
export function baseFolder(): string {
  const base = join(scratch(), "base");
  mkdirSync(join(base, "bin"), { recursive: true });
  mkdirSync(join(base, "etc"));
  writeFileSync(join(base, "bin/counter"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(base, "etc/lab-delete-me"), "gone\n");
  writeFileSync(join(base, "etc/lab-changed.conf"), "original\n");
  return base;
}

/** Runs `restore bundle`; `out` is the new folder. */
export function bundle(
  archive: string,
  base: string,
  out: string,
  ...more: readonly string[]
): Promise<Ran> {
  const words = ["restore", "bundle", archive, "--permissions", "owner", "-o", "json"];
  return run([...words, "-C", out, "--rootfs", base, ...more]);
}
