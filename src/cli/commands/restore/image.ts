import type { Compression } from "../../../archive/compression.ts";
import { UsageError } from "../../../base/errors.ts";
import { sanitize } from "../../../base/text.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { renderRestoreImage } from "../../../report/restore-image-view.ts";
import { type Destination, parseDestination } from "../../../restore/image/destination.ts";
import { imageDocument, type RestoreImage } from "../../../restore/image/image-document.ts";
import { hashImage, planImage, writeImage } from "../../../restore/image/write-image.ts";
import { exitCodes } from "../../exit-codes.ts";
import { beforeFetching } from "../../fetching.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { Progress } from "../../progress.ts";
import { type PushWish, preparePush } from "./push.ts";

export interface ImageCommandOptions extends CommonOptions {
  compress?: Compression;
  tag?: string;
  push?: string;
  yes?: boolean;
}

export async function runImage(
  path: string,
  { outputFile, ...options }: ImageCommandOptions,
  io: Io,
): Promise<number> {
  const destination = placeOf(outputFile, options);
  const checkpoint = await openTarget(path, options, io);
  let image: RestoreImage;
  try {
    await beforeFetching(checkpoint, options, io);
    image = await makeImage(checkpoint, destination, options, io);
  } finally {
    await checkpoint.close();
  }
  await printResult(
    image,
    (table) =>
      options.quiet === true ? `${sanitize(image.name)}\n` : renderRestoreImage(image, table),
    options,
    io,
  );
  return exitCodes.fine;
}

function placeOf(
  outputFile: string | undefined,
  options: Omit<ImageCommandOptions, "outputFile">,
): Destination | undefined {
  const next = "cryoscope restore image --help";
  if (options.push === undefined) {
    if (options.yes !== undefined) throw new UsageError({ what: "--yes is for --push", next });
    if (outputFile === undefined) {
      throw new UsageError({
        what: "an image needs a place",
        allowed:
          "--output-file oci:DIR, oci-archive:FILE or docker-archive:FILE; or --push REGISTRY/REPOSITORY",
        next,
      });
    }
  }
  return outputFile === undefined ? undefined : parseDestination(outputFile);
}

async function makeImage(
  checkpoint: Checkpoint,
  destination: Destination | undefined,
  options: Omit<ImageCommandOptions, "outputFile">,
  io: Io,
): Promise<RestoreImage> {
  const { compress, push, quiet } = options;
  const plan = await planImage(checkpoint, {
    ...(destination === undefined ? {} : { form: destination.form }),
    ...(compress === undefined ? {} : { compression: compress }),
    // An image that is only pushed is called what it is called there.
    tag: options.tag ?? (destination === undefined ? push : undefined),
  });
  // Whoever says no is asked before a gigabyte is written.
  const wish: PushWish | undefined =
    push === undefined ? undefined : await preparePush(push, plan, options, io);
  const progress = new Progress(io, "writing", quiet === true);
  try {
    const meter = { partial: io.partial, progress: progress.pass };
    if (destination === undefined) progress.label("hashing");
    const built =
      destination === undefined
        ? await hashImage(plan, meter)
        : await writeImage(plan, destination, meter);
    progress.label("sending");
    const pushed = wish === undefined ? null : await wish.push(built, progress.pass);
    return imageDocument(plan, built, {
      destination:
        destination === undefined ? null : { ...destination, sizeBytes: built.sizeBytes },
      pushed,
    });
  } finally {
    await progress.end();
  }
}
