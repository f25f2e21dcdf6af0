import { resolve } from "node:path";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { nameOf } from "../../../remote/registry/reference.ts";
import { renderManifest } from "../../../report/restore-manifest-view.ts";
import { parseBase } from "../../../restore/bundle/base.ts";
import { parseDestination } from "../../../restore/image/destination.ts";
import { layerBytes } from "../../../restore/image/pack.ts";
import { planImage } from "../../../restore/image/write-image.ts";
import { requireNew } from "../../../restore/new-file.ts";
import type { RestorePreview, RestoreWrite } from "../../state/restore.ts";
import type { Handler } from "../handler.ts";
import { manifestOf } from "./manifest.ts";

/** What a write would do, and whether it would be refused at once. */
export const answerRestorePreview: Handler<"restorePreview"> = async (
  { path, write },
  services,
) => {
  const checkpoint = await services.checkpoints.get(path);
  const preview = await previewOf(checkpoint, write);
  await requireNew(preview.place);
  return preview;
};

async function previewOf(checkpoint: Checkpoint, write: RestoreWrite): Promise<RestorePreview> {
  switch (write.what) {
    case "image":
      return ofImage(checkpoint, write);
    case "manifest":
      return ofManifest(checkpoint, write);
    case "bundle":
      return ofBundle(checkpoint, write);
  }
}

async function ofImage(
  checkpoint: Checkpoint,
  write: Extract<RestoreWrite, { what: "image" }>,
): Promise<RestorePreview> {
  const { form, path } = parseDestination(write.to);
  const plan = await planImage(checkpoint, { form });
  const by = plan.facts.restorers.filter(({ restores }) => restores).map(({ engine }) => engine);
  return {
    write,
    place: resolve(path),
    bytes: layerBytes(plan.archive).size,
    notes: [
      `It is called ${nameOf(plan.reference)}.`,
      ...(by.length === 0 || form === "docker-archive" ? ["! No runtime will restore it."] : []),
    ],
  };
}

async function ofManifest(
  checkpoint: Checkpoint,
  write: Extract<RestoreWrite, { what: "manifest" }>,
): Promise<RestorePreview> {
  const made = await manifestOf(checkpoint, write);
  const { metadata } = made.document.manifest;
  const { length } = made.document.decisions;
  const on = write.node === null ? "" : `, on ${write.node}`;
  return {
    write,
    place: resolve(write.to),
    bytes: Buffer.byteLength(await renderManifest(made)),
    notes: [
      `The pod is ${metadata.namespace}/${metadata.name}${on}.`,
      ...(length === 0 ? [] : [`! ${length} of its fields have to be decided.`]),
    ],
  };
}

async function ofBundle(
  { archive }: Checkpoint,
  write: Extract<RestoreWrite, { what: "bundle" }>,
): Promise<RestorePreview> {
  const base = parseBase(write.rootfs);
  const bytes = archive.members
    .filter(({ type }) => type === "file")
    .reduce((sum, { size }) => sum + size, 0);
  const notes = [`Besides, a copy of the root file system in ${resolve(base.path)}.`];
  return { write, place: resolve(write.to), bytes, notes };
}
