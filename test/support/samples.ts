import { chmodSync, copyFileSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { removeTree } from "../../src/archive/remove-tree.ts";

const root = fileURLToPath(new URL("../../samples/", import.meta.url));

const engines = ["crio", "containerd", "podman"] as const;

/** Paths of all sample archives, by folder. */
export function sampleArchives(): {
  folder: (typeof engines)[number];
  name: string;
  path: string;
}[] {
  return engines.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => /\.tar(\.\w+)?$/.test(name))
      .sort()
      .map((name) => ({ folder, name, path: join(root, folder, name) })),
  );
}

/** Dumps of CRIU itself, without a runtime's archive around them (samples/nasty/README.md). */
export const criuDumps = ["files", "sockets", "processes"].flatMap((name) =>
  ["", "-3.17"].map((version) => ({
    name: `${name}${version}`,
    path: join(root, "criu", `${name}${version}.tar.gz`),
  })),
);

/** Path of one sample: `samplePath("podman/rich-crun.tar")`. */
export function samplePath(name: string): string {
  return join(root, name);
}

export const crioCounter = samplePath(
  "crio/checkpoint-counter-lab-node_default-counter-2026-11-21T21:20:14Z.tar",
);
export const containerdCounter = samplePath(
  "containerd/checkpoint-counter-lab-node_default-counter-2026-11-21T21:05:01Z.tar",
);
export const rich = samplePath("podman/rich-crun.tar");

/** A private folder that goes with the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "cryoscope-test-"));
  onTestFinished(() => removeTree(folder));
  return folder;
}

/** A private copy (0600) of a sample, as a runtime would have written it. */
export function privateCopy(path: string): string {
  const copy = join(scratch(), basename(path));
  copyFileSync(path, copy);
  chmodSync(copy, 0o600);
  return copy;
}
