import { chmod, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Archive } from "../../archive/archive.ts";
import type { Compression } from "../../archive/compression.ts";
import { UsageError } from "../../base/errors.ts";
import { parseTime } from "../../base/time.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { parseReference, type Reference } from "../../remote/registry/reference.ts";
import { type Partial, putFile, requireNew, settleFile, whole, withFile } from "../new-file.ts";
import { type Annotation, annotationsOf, type Withheld } from "./annotations.ts";
import { checkCompressor } from "./compress.ts";
import { defaultRepository, defaultTag } from "./default-name.ts";
import type { Destination, DestinationForm } from "./destination.ts";
import { dockerDocuments, type ImageDocuments, imageDocuments, layoutBytes } from "./documents.ts";
import { type ImageFacts, imageFacts } from "./facts.ts";
import { judgeLayer } from "./judge.ts";
import { cloneLayer, writeLayer } from "./layer-file.ts";
import { layerBytes, type PackedLayer, type Put, packLayer } from "./pack.ts";
import { TarFile } from "./tar-file.ts";

export interface ImageOptions {
  /**
   * Of the layer. Where it is not given, none in a docker-archive, and else the archive's own, so
   * that its bytes stay as they are.
   */
  compression?: Compression;
  form?: DestinationForm;
  /** The image's name; the container's, and the time of the dump, where it is not given. */
  tag?: string | undefined;
  partial?: Partial;
  /** Called with bytes of the archive that are done, of all. */
  progress?: (progress: { read: number; total: number }) => void;
}

/** What an image of a checkpoint will be, before a byte of it is written. */
export interface ImagePlan {
  archive: Archive;
  facts: ImageFacts;
  annotations: Annotation[];
  withheld: Withheld[];
  reference: Reference;
  compression: Compression;
}

/** An image that is whole. */
export interface BuiltImage {
  layer: PackedLayer;
  documents: ImageDocuments;
}

/**
 * Asks the archive for all that the image says of it, and whether it may become one.
 * @throws {RefusedError} where unpacking it as a layer would be dangerous, {ArchiveError} where no
 * runtime would restore it.
 */
export async function planImage(
  checkpoint: Checkpoint,
  { tag, compression, form }: Pick<ImageOptions, "tag" | "compression" | "form"> = {},
): Promise<ImagePlan> {
  const { archive } = checkpoint;
  layerBytes(archive);
  judgeLayer(archive);
  const facts = await imageFacts(checkpoint);
  const time = defaultTag(facts.created);
  const chosen = compression ?? (form === "docker-archive" ? "none" : archive.compression);
  if (form === "docker-archive" && chosen !== "none") {
    throw new UsageError({
      code: "docker-archive",
      what: "a docker-archive holds its layer without compression",
      found: `--compress ${chosen}`,
      allowed: "none",
      next: "leave --compress out, or take oci-archive:",
    });
  }
  if (chosen !== archive.compression) await checkCompressor(chosen);
  return {
    archive,
    facts,
    ...annotationsOf(facts),
    reference: parseReference(tag ?? defaultRepository(facts.name.value), time, "localhost"),
    compression: chosen,
  };
}

/**
 * Writes the image: whole, or not at all; never over what is there; for its owner alone.
 * @returns also the length of all that was written, in bytes.
 * @throws {RefusedError} where there is something of that name, or the disk does not take it.
 */
export async function writeImage(
  plan: ImagePlan,
  destination: Destination,
  { partial = () => {}, progress }: Pick<ImageOptions, "partial" | "progress"> = {},
): Promise<BuiltImage & { sizeBytes: number }> {
  const { form, path } = destination;
  const total = layerBytes(plan.archive).size;
  const pass = (read: number): void => progress?.({ read, total });
  return whole(path, partial, (part) =>
    form === "oci" ? writeFolder(plan, part, path, pass) : writeTar(plan, form, part, path, pass),
  );
}

/** The image without writing it anywhere: what its digests will be, for who sends it. */
export async function hashImage(
  plan: ImagePlan,
  { progress }: Pick<ImageOptions, "progress"> = {},
): Promise<BuiltImage & { sizeBytes: number }> {
  const total = layerBytes(plan.archive).size;
  const pass = (read: number): void => progress?.({ read, total });
  const layer = await packLayer(plan.archive, plan.compression, undefined, pass);
  return { layer, documents: documentsOf(plan, layer), sizeBytes: layer.sizeBytes };
}

function documentsOf(plan: ImagePlan, layer: PackedLayer): ImageDocuments {
  return imageDocuments(plan.facts, layer, plan.annotations, plan.reference);
}

async function writeFolder(
  plan: ImagePlan,
  part: string,
  path: string,
  pass: (bytes: number) => void,
): Promise<BuiltImage & { sizeBytes: number }> {
  const blobs = join(part, "blobs", "sha256");
  for (const folder of [part, join(part, "blobs"), blobs]) {
    await mkdir(folder, { mode: 0o700 });
    await chmod(folder, 0o700);
  }
  const file = join(blobs, "layer");
  const { archive, compression } = plan;
  const layer =
    (await cloneLayer(archive, compression, file, pass)) ??
    (await writeLayer(archive, compression, file, pass));
  const documents = documentsOf(plan, layer);
  await rename(file, join(blobs, hex(layer.digest)));
  let sizeBytes = layer.sizeBytes;
  for (const { digest, bytes } of [documents.config, documents.manifest]) {
    await putFile(join(blobs, hex(digest)), bytes);
    sizeBytes += bytes.length;
  }
  await putFile(join(part, "index.json"), documents.index);
  await putFile(join(part, "oci-layout"), layoutBytes);
  await requireNew(path);
  await rename(part, path);
  return { layer, documents, sizeBytes: sizeBytes + documents.index.length + layoutBytes.length };
}

async function writeTar(
  plan: ImagePlan,
  form: "oci-archive" | "docker-archive",
  part: string,
  path: string,
  pass: (bytes: number) => void,
): Promise<BuiltImage & { sizeBytes: number }> {
  const written = await withFile(part, async (file) => {
    const tar = new TarFile(file, memberTime(plan.facts.created));
    const pack = (put: Put): Promise<PackedLayer> =>
      packLayer(plan.archive, plan.compression, put, pass);
    const built =
      form === "oci-archive" ? await fillOci(plan, tar, pack) : await fillDocker(plan, tar, pack);
    return { ...built, sizeBytes: await tar.end() };
  });
  await settleFile(part, path);
  return written;
}

type Pack = (put: Put) => Promise<PackedLayer>;

async function fillOci(plan: ImagePlan, tar: TarFile, pack: Pack): Promise<BuiltImage> {
  await tar.folder("blobs");
  await tar.folder("blobs/sha256");
  const layer = await tar.layer(pack, ({ digest }) => `blobs/sha256/${hex(digest)}`);
  const documents = documentsOf(plan, layer);
  for (const { digest, bytes } of [documents.config, documents.manifest]) {
    await tar.member(`blobs/sha256/${hex(digest)}`, bytes);
  }
  await tar.member("index.json", documents.index);
  await tar.member("oci-layout", layoutBytes);
  return { layer, documents };
}

async function fillDocker(plan: ImagePlan, tar: TarFile, pack: Pack): Promise<BuiltImage> {
  const layer = await tar.layer(pack, ({ digest }) => `${hex(digest)}.tar`);
  const documents = documentsOf(plan, layer);
  const docker = dockerDocuments(documents, layer, plan.reference);
  await tar.member(docker.config, documents.config.bytes);
  await tar.member("manifest.json", docker.manifest);
  await tar.member("repositories", docker.repositories);
  return { layer, documents };
}

/** Seconds since 1970 of all members, so that the same archive gives the same image. */
function memberTime(created: string | undefined): number {
  const time = created === undefined ? undefined : parseTime(created);
  return Math.min(Math.max(0, Math.floor((time ?? 0) / 1000)), 8 ** 11 - 1);
}

function hex(digest: string): string {
  return digest.slice("sha256:".length);
}
