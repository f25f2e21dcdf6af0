import { createHash } from "node:crypto";
import type { ByteSource } from "../../base/byte-source.ts";
import { strictText } from "../../base/bytes.ts";
import { ArchiveError, UsageError } from "../../base/errors.ts";
import { isObject, type JsonObject, valueAt } from "../../base/json-object.ts";
import { limits } from "../../base/limits.ts";
import { formatBytes } from "../../base/units.ts";
import { textAt } from "../../runtime/documents.ts";
import type { Base } from "./base.ts";
import type { BlobStore } from "./blob-store.ts";

/** The layers of an image, the lowest first. */
export interface BaseImage {
  /** Digest of its manifest, or of its configuration where it has no manifest. */
  digest: string | undefined;
  layers: Layer[];
}

interface Layer {
  /** For people and faults: a digest, or a name in the archive. */
  name: string;
  source: ByteSource;
}

/** Indexes may name indexes; real ones do so once. */
const deepest = 4;

/** Layers of one image; storage drivers end at some hundred. */
const mostLayers = 1000;

/**
 * Finds the layers of an image.
 * @param architecture of the dump as images name it, to choose from an image of several platforms
 * @throws {ArchiveError} where a part is missing, damaged or of another kind.
 */
export async function readBaseImage(
  store: BlobStore,
  base: Base,
  architecture: string | undefined,
): Promise<BaseImage> {
  if (base.form === "docker-archive") return dockerImage(store, base);
  const index = await document(store, base, "index.json");
  const manifest = await findManifest(store, base, index, { architecture, name: base.name }, 0);
  const layers = listAt(manifest.document, "layers").slice(0, mostLayers + 1);
  if (layers.length > mostLayers) throw unfit(base, `more than ${mostLayers} layers`);
  const found: Layer[] = [];
  for (const layer of layers) found.push(await blob(store, base, layer));
  return { digest: manifest.digest, layers: found };
}

interface Wanted {
  architecture: string | undefined;
  name: string | undefined;
}

interface Manifest {
  digest: string;
  document: JsonObject;
}

async function findManifest(
  store: BlobStore,
  base: Base,
  index: JsonObject,
  wanted: Wanted,
  depth: number,
): Promise<Manifest> {
  if (depth > deepest) throw unfit(base, "indexes that lie deeper than any real one");
  const chosen = choose(base, listAt(index, "manifests"), wanted);
  const { name, source } = await blob(store, base, chosen);
  const inner = await parse(base, name, source);
  if (Array.isArray(valueAt(inner, "manifests"))) {
    return findManifest(store, base, inner, { ...wanted, name: undefined }, depth + 1);
  }
  if (!Array.isArray(valueAt(inner, "layers"))) throw unfit(base, "a manifest without layers");
  return { digest: name, document: inner };
}

function choose(base: Base, all: JsonObject[], { architecture, name }: Wanted): JsonObject {
  const refName = (each: JsonObject): string | undefined =>
    textAt(each, "annotations", "org.opencontainers.image.ref.name");
  let left = name === undefined ? all : all.filter((each) => refName(each) === name);
  if (left.length > 1 && architecture !== undefined) {
    const fitting = left.filter(
      (each) => textAt(each, "platform", "architecture") === architecture,
    );
    if (fitting.length > 0) left = fitting;
  }
  const [only, ...more] = left;
  if (only === undefined || more.length > 0) {
    const names = all.map((each) => refName(each) ?? "(no name)").slice(0, 8);
    throw new UsageError({
      code: "rootfs",
      what:
        only === undefined
          ? `${base.path} holds no image ${name ?? ""}`.trimEnd()
          : `${base.path} holds several images`,
      ...(names.length === 0 ? {} : { found: names.join(", ") }),
      allowed: "one image",
      next: `name it: --rootfs ${base.form}:${base.path}:NAME`,
    });
  }
  return only;
}

/** `docker save`: a list of images, each with its layers by name. */
async function dockerImage(store: BlobStore, base: Base): Promise<BaseImage> {
  const list = await parseAny(base, "manifest.json", await required(store, base, "manifest.json"));
  const images = Array.isArray(list) ? list.filter(isObject) : [];
  const named = images.filter((image) => {
    const tags = valueAt(image, "RepoTags");
    return base.name === undefined || (Array.isArray(tags) && tags.includes(base.name));
  });
  const [only, ...more] = named;
  if (only === undefined || more.length > 0) {
    throw new UsageError({
      code: "rootfs",
      what: `${base.path} holds ${only === undefined ? "no such image" : "several images"}`,
      allowed: "one image",
      next: `name it: --rootfs docker-archive:${base.path}:NAME`,
    });
  }
  const names = valueAt(only, "Layers");
  if (!Array.isArray(names) || names.length > mostLayers) throw unfit(base, "no list of layers");
  const layers: Layer[] = [];
  for (const name of names) {
    if (typeof name !== "string") throw unfit(base, "a layer without a name");
    layers.push({ name, source: await required(store, base, name) });
  }
  const config = textAt(only, "Config");
  const digest = /^(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.json)?$/.exec(config ?? "")?.[1];
  return { digest: digest === undefined ? undefined : `sha256:${digest}`, layers };
}

/** A blob by its descriptor, compared with its size and digest. */
async function blob(store: BlobStore, base: Base, descriptor: JsonObject): Promise<Layer> {
  const digest = textAt(descriptor, "digest") ?? "";
  const [, algorithm = "", hex = ""] = /^(sha256|sha512):([0-9a-f]{64,128})$/.exec(digest) ?? [];
  if (algorithm === "" || hex.length !== (algorithm === "sha256" ? 64 : 128)) {
    throw unfit(base, `the digest ${JSON.stringify(digest.slice(0, 100))}`);
  }
  const source = await required(store, base, `blobs/${algorithm}/${hex}`);
  const hash = createHash(algorithm);
  for await (const chunk of source.stream()) hash.update(chunk);
  if (hash.digest("hex") !== hex) {
    throw new ArchiveError({
      what: `a part of the base image is not what its digest says`,
      where: { path: base.path, member: `blobs/${algorithm}/${hex}` },
      found: `${formatBytes(source.size)} of other content`,
      allowed: digest,
      next: "fetch the image again",
    });
  }
  return { name: digest, source };
}

async function required(store: BlobStore, base: Base, name: string): Promise<ByteSource> {
  // Names of a docker archive are the archive's own; in a folder they must not climb.
  const safe = !name.split("/").includes("..") && !name.startsWith("/") && !name.includes("\0");
  const source = safe ? await store.find(name) : undefined;
  if (source !== undefined) return source;
  throw new ArchiveError({
    what: `${base.path} is no whole ${base.form === "docker-archive" ? "docker archive" : "OCI image"}`,
    where: { path: base.path, member: name },
    found: `no ${name}`,
    next: `make it again: skopeo copy docker://IMAGE oci:DIR`,
  });
}

async function document(store: BlobStore, base: Base, name: string): Promise<JsonObject> {
  return parse(base, name, await required(store, base, name));
}

async function parse(base: Base, name: string, source: ByteSource): Promise<JsonObject> {
  const value = await parseAny(base, name, source);
  if (!isObject(value)) throw unfit(base, `${name}, which is no JSON object`);
  return value;
}

async function parseAny(base: Base, name: string, source: ByteSource): Promise<unknown> {
  if (source.size > limits.documentBytes) {
    throw unfit(base, `${name} of ${formatBytes(source.size)}`);
  }
  const text = strictText(await source.read(0, source.size));
  try {
    return JSON.parse(text ?? "") as unknown;
  } catch {
    throw unfit(base, `${name}, which is no JSON`);
  }
}

function listAt(value: JsonObject, key: string): JsonObject[] {
  const list = valueAt(value, key);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function unfit({ path }: Base, found: string): ArchiveError {
  return new ArchiveError({
    what: `${path} is no image that can be a base`,
    where: { path },
    found,
    allowed: "an OCI image layout or a docker archive",
    next: "make it again: skopeo copy docker://IMAGE oci:DIR",
  });
}
