import { createHash } from "node:crypto";
import { unlink } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { createPrivateFile } from "../../../archive/private-file.ts";
import { callerUid } from "../../../base/caller.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { openCheckpoint } from "../../../checkpoint/open-checkpoint.ts";
import { renderRestoreBundle } from "../../../report/restore-bundle-view.ts";
import { renderRestoreImage } from "../../../report/restore-image-view.ts";
import { renderManifest } from "../../../report/restore-manifest-view.ts";
import { parseBase } from "../../../restore/bundle/base.ts";
import { writeBundle } from "../../../restore/bundle/write-bundle.ts";
import { parseDestination } from "../../../restore/image/destination.ts";
import { imageDocument } from "../../../restore/image/image-document.ts";
import { planImage, writeImage } from "../../../restore/image/write-image.ts";
import type { RestoreMade, RestoreWrite } from "../../state/restore.ts";
import { type Call, type Handler, opened, type Services } from "../handler.ts";
import { manifestOf } from "./manifest.ts";

/** Milliseconds between two parts. */
const partTime = 100;

const table = { headers: true, wide: false };

/** Writes what a runtime restores from, as the command of that name does. Never over what is there. */
export const answerRestoreWrite: Handler<"restoreWrite"> = async (
  { path, write },
  services,
  call,
) => {
  const checkpoint = await services.checkpoints.get(path);
  const made = await makeIt(checkpoint, path, write, services, call);
  return { state: "made", made };
};

function makeIt(
  checkpoint: Checkpoint,
  path: string,
  write: RestoreWrite,
  services: Services,
  call: Call<"restoreWrite">,
): Promise<RestoreMade> {
  switch (write.what) {
    case "image":
      return makeImage(checkpoint, write.to, services, call);
    case "manifest":
      return makePod(checkpoint, write);
    case "bundle":
      return makeBundle(path, write, services, call);
  }
}

/** Tells now and then how far a write is, and ends it where nobody waits for it any more. */
function telling({ signal, part }: Call<"restoreWrite">) {
  let told = 0;
  return (done: number, total: number | null): void => {
    signal.throwIfAborted();
    if (Date.now() - told < partTime) return;
    told = Date.now();
    part({ state: "writing", done, total });
  };
}

async function makeImage(
  checkpoint: Checkpoint,
  to: string,
  { partial }: Services,
  call: Call<"restoreWrite">,
): Promise<RestoreMade> {
  const { form, path } = parseDestination(to);
  const destination = { form, path: resolve(path) };
  const plan = await planImage(checkpoint, { form });
  const tell = telling(call);
  const built = await writeImage(plan, destination, {
    partial,
    progress: ({ read, total }) => tell(read, total),
  });
  const { sizeBytes } = built;
  const image = imageDocument(plan, built, {
    destination: { ...destination, sizeBytes },
    pushed: null,
  });
  return {
    what: "image",
    place: destination.path,
    bytes: sizeBytes,
    digest: image.manifest.digest,
    text: renderRestoreImage(image, table),
  };
}

async function makePod(
  checkpoint: Checkpoint,
  write: Extract<RestoreWrite, { what: "manifest" }>,
): Promise<RestoreMade> {
  const place = resolve(write.to);
  const text = await renderManifest(await manifestOf(checkpoint, write));
  const bytes = Buffer.from(text);
  const file = await createPrivateFile(place);
  try {
    await file.writeFile(bytes);
    await file.close();
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(place);
    throw error;
  }
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return { what: "manifest", place, bytes: bytes.length, digest, text };
}

async function makeBundle(
  path: string,
  write: Extract<RestoreWrite, { what: "bundle" }>,
  { options, partial }: Services,
  call: Call<"restoreWrite">,
): Promise<RestoreMade> {
  const directory = resolve(write.to);
  const base = parseBase(write.rootfs);
  // Every image is wanted, so an archive that cannot seek is unpacked once instead of once for each.
  const spool = options.spool ?? dirname(directory);
  const checkpoint = await openCheckpoint(opened(path, options), { ...options, spool });
  try {
    const tell = telling(call);
    const bundle = await writeBundle(checkpoint, directory, {
      base,
      owners: (await callerUid()) === 0,
      partial,
      progress: (done) => tell(done, null),
    });
    return {
      what: "bundle",
      place: bundle.directory,
      bytes: bundle.rootfs.bytes + bundle.images.bytes,
      digest: null,
      text: renderRestoreBundle(bundle, table),
    };
  } finally {
    await checkpoint.close();
  }
}
