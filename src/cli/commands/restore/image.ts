import type { Compression } from "../../../archive/compression.ts";
import { UsageError } from "../../../base/errors.ts";
import { sanitize } from "../../../base/text.ts";
import { renderRestoreImage } from "../../../report/restore-image-view.ts";
import { parseDestination } from "../../../restore/image/destination.ts";
import { imageDocument, type RestoreImage } from "../../../restore/image/image-document.ts";
import { planImage, writeImage } from "../../../restore/image/write-image.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { printResult } from "../../output.ts";
import { Progress } from "../../progress.ts";

export interface ImageCommandOptions extends CommonOptions {
  compress?: Compression;
  tag?: string;
  push?: string;
  yes?: boolean;
  plainHttp?: boolean;
  caFile?: string;
}

export async function runImage(
  path: string,
  { outputFile, ...options }: ImageCommandOptions,
  io: Io,
): Promise<number> {
  if (outputFile === undefined) {
    throw new UsageError({
      what: "an image needs a place",
      allowed: "--output-file oci:DIR, oci-archive:FILE or docker-archive:FILE",
      next: "cryoscope restore image --help",
    });
  }
  const destination = parseDestination(outputFile);
  const checkpoint = await openTarget(path, options, io);
  const progress = new Progress(io, "writing", options.quiet === true);
  let image: RestoreImage;
  try {
    const plan = await planImage(checkpoint, {
      form: destination.form,
      ...(options.compress === undefined ? {} : { compression: options.compress }),
      ...(options.tag === undefined ? {} : { tag: options.tag }),
    });
    const { sizeBytes, ...built } = await writeImage(plan, destination, {
      partial: io.partial,
      progress: progress.pass,
    });
    image = imageDocument(plan, built, {
      destination: { ...destination, sizeBytes },
      pushed: null,
    });
  } finally {
    await progress.end();
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
