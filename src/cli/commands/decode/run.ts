import { join } from "node:path";
import type { ByteSource } from "../../../base/byte-source.ts";
import { ArchiveError, UsageError } from "../../../base/errors.ts";
import { sanitize } from "../../../base/text.ts";
import { formatCount } from "../../../base/units.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { type DecodeReport, imageJson } from "../../../criu/crit/image-json.ts";
import { parseImageName } from "../../../criu/image-name.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { openTarget } from "../../open-target.ts";
import type { CommonOptions } from "../../options.ts";
import { openOutput } from "../../output.ts";
import { faultText } from "../../print-fault.ts";
import { findImage, imageNames } from "./find-image.ts";

export interface DecodeCommandOptions
  extends Pick<CommonOptions, "permissions" | "maxExpansion" | "spool" | "quiet" | "outputFile"> {
  pretty?: boolean;
  all?: boolean;
  directory: string;
}

export async function runDecode(
  path: string,
  image: string | undefined,
  options: DecodeCommandOptions,
  io: Io,
): Promise<number> {
  if ((image === undefined) === (options.all !== true)) {
    throw new UsageError({
      what: image === undefined ? "no image is named" : "--all and an image exclude each other",
      allowed: "the name of an image, or --all",
      next: `see what there is: cryoscope images ${path}`,
    });
  }
  const checkpoint = await openTarget(path, { ...options, output: "json" }, io);
  try {
    if (image === undefined) return await decodeAll(checkpoint, options, io);
    const { name, source } = findImage(checkpoint, image);
    return await decodeOne(name, source, options, io);
  } finally {
    await checkpoint.close();
  }
}

async function decodeOne(
  name: string,
  source: ByteSource,
  options: DecodeCommandOptions,
  io: Io,
): Promise<number> {
  const report: DecodeReport = { entries: 0, unknownFields: 0 };
  const output = await openOutput(options.outputFile, io);
  try {
    for await (const piece of imageJson(source, options.pretty === true, report)) {
      if (!(await output.write(piece))) return exitCodes.fine;
    }
    await output.write("\n");
  } catch (error) {
    throw error instanceof ArchiveError ? error.at({ member: name }) : error;
  } finally {
    await output.close();
  }
  await noteUnknown(name, report, options, io);
  return exitCodes.fine;
}

/** Decodes every image with a CRIU magic; one that is broken does not keep the others back. */
async function decodeAll(
  checkpoint: Checkpoint,
  options: DecodeCommandOptions,
  io: Io,
): Promise<number> {
  let code: number = exitCodes.fine;
  let count = 0;
  for (const name of imageNames(checkpoint)) {
    const base = name.slice(name.lastIndexOf("/") + 1);
    if (parseImageName(base)?.framed !== true) continue;
    try {
      const file = join(options.directory, `${base}.json`);
      const { source } = findImage(checkpoint, name);
      await decodeOne(name, source, { ...options, outputFile: file }, io);
      count += 1;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      await io.err.write(faultText(error, io));
      code = exitCodes.archive;
    }
  }
  if (options.quiet !== true) {
    await io.err.write(`cryoscope: ${count} images decoded below ${sanitize(options.directory)}\n`);
  }
  return code;
}

async function noteUnknown(
  name: string,
  { unknownFields }: DecodeReport,
  { quiet }: DecodeCommandOptions,
  io: Io,
): Promise<void> {
  if (unknownFields === 0 || quiet === true) return;
  const note = `${sanitize(name)}: ${formatCount(unknownFields)} fields of a newer CRIU are kept as they are`;
  await io.err.write(`cryoscope: note: ${note}\n`);
}
