import { readFile } from "node:fs/promises";
import { concat, strictText } from "../../../base/bytes.ts";
import { ArchiveError, UsageError } from "../../../base/errors.ts";
import { imageBytes } from "../../../criu/crit/image-bytes.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import type { CommonOptions } from "../../options.ts";
import { printPieces } from "../../output.ts";

export type EncodeCommandOptions = Pick<CommonOptions, "outputFile">;

export async function runEncode(
  path: string,
  { outputFile }: EncodeCommandOptions,
  io: Io,
): Promise<number> {
  if (outputFile === undefined && io.out.isTTY) {
    throw new UsageError({
      what: "an image is binary, so it is not written to a terminal",
      next: "send it to a file: --output-file FILE",
    });
  }
  const json = await readJson(path, io);
  // All of it is made before the first byte is written: a wrong entry leaves no half image.
  const image = concat([...imageBytes(json)]);
  await printPieces([image], outputFile, io);
  return exitCodes.fine;
}

async function readJson(path: string, io: Io): Promise<string> {
  const bytes = path === "-" ? await collect(io) : await readFileOf(path);
  const json = strictText(bytes);
  if (json !== undefined) return json;
  throw new ArchiveError({
    what: "this is no JSON",
    where: { path },
    found: "bytes that are not UTF-8",
    allowed: "the JSON of cryoscope decode, or of crit decode",
    next: "decode turns an image into JSON, encode does the opposite",
  });
}

async function collect(io: Io): Promise<Uint8Array> {
  if (io.stdin.isTTY) {
    throw new UsageError({ what: "standard input is a terminal", next: "name a file of JSON" });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.stdin.stream()) chunks.push(chunk);
  return concat(chunks);
}

async function readFileOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ArchiveError({
      what: `${path} cannot be read (${error.code})`,
      where: { path },
      cause: error,
    });
  });
}
