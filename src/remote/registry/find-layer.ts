import { createHash } from "node:crypto";
import { ArchiveError, UsageError } from "../../base/errors.ts";
import { asObject } from "../../base/json-object.ts";
import { formatBytes } from "../../base/units.ts";
import { pulling } from "../faults.ts";
import { refused, wrongDigest } from "./faults.ts";
import { type Descriptor, digestForm, type Manifest, readManifest } from "./manifest.ts";
import type { ImageName } from "./open-image.ts";
import type { Session } from "./session.ts";

/** A layer that is an archive. Its size is known unless a person named it by its digest. */
export type Layer = Pick<Descriptor, "digest"> & { size: number | undefined };

/** Annotations and labels that say that an image is a checkpoint: CRI-O's, CRIU's, Podman's. */
const mark =
  /^(?:io\.kubernetes\.cri-o\.annotations\.checkpoint|org\.criu\.checkpoint|io\.podman\.annotations\.checkpoint)\./;
/** Of a list; more are no checkpoint's. */
const mostImages = 16;
const mostConfig = 4 * 1024 * 1024;

/** Finds the layer of an image that is the archive. */
export async function findLayer(session: Session, name: ImageName): Promise<Layer> {
  const manifest = await readManifest(session, name.at);
  if (manifest === undefined) {
    // A layer can be named as well as an image.
    if (digestForm.test(name.at)) return { digest: name.at, size: undefined };
    const answer = {
      status: 404,
      headers: {},
      text: "",
      url: session.path(`/manifests/${name.at}`),
    };
    throw refused(pulling, "asking for the manifest", answer, session.registry);
  }
  const images = await imagesOf(session, manifest);
  const marked: Manifest[] = [];
  for (const image of images) {
    const known = isMarked(manifest.annotations) || isMarked(image.annotations);
    if (known || (await hasLabels(session, image))) marked.push(image);
  }
  const [image, ...others] = marked;
  if (image === undefined) throw noCheckpoint(name, images);
  if (others.length > 0) {
    const choice = marked.map(({ digest }) => address(name, digest));
    throw several("the image is a list of several checkpoints", choice);
  }
  const [layer, ...more] = image.layers;
  if (layer === undefined) throw noCheckpoint(name, [image]);
  if (more.length > 0) {
    const choice = image.layers.map(
      ({ digest, size }) => `${address(name, digest)} (${formatBytes(size)})`,
    );
    throw several("the checkpoint's image has several layers", choice);
  }
  return layer;
}

/** The images that a manifest is, or lists. */
async function imagesOf(session: Session, manifest: Manifest): Promise<Manifest[]> {
  if (manifest.manifests.length === 0) return [manifest];
  const wanted = manifest.manifests.filter(
    ({ platform, annotations }) =>
      platform !== "unknown/unknown" && annotations["vnd.docker.reference.type"] === undefined,
  );
  const images: Manifest[] = [];
  for (const { digest, annotations } of wanted.slice(0, mostImages)) {
    const image = await readManifest(session, digest);
    // A list in a list is nobody's.
    if (image === undefined || image.manifests.length > 0) continue;
    images.push({ ...image, annotations: { ...annotations, ...image.annotations } });
  }
  return images;
}

function isMarked(annotations: Readonly<Record<string, string>>): boolean {
  return Object.keys(annotations).some((key) => mark.test(key));
}

/** Some forms of an image keep nothing but the labels of its configuration. */
async function hasLabels(session: Session, { config }: Manifest): Promise<boolean> {
  if (config === undefined || config.size > mostConfig) return false;
  const doing = "asking for the configuration";
  const url = `/blobs/${config.digest}`;
  const answer = await session.ask({ method: "GET", url, doing, most: mostConfig });
  if (answer.status !== 200) throw refused(pulling, doing, answer, session.registry);
  const [algorithm = ""] = config.digest.split(":");
  const digest = `${algorithm}:${createHash(algorithm).update(answer.text).digest("hex")}`;
  if (digest !== config.digest)
    throw wrongDigest("configuration", answer.url, digest, config.digest, pulling);
  try {
    const { config: settings } = asObject(JSON.parse(answer.text)) ?? {};
    const labels = asObject(asObject(settings)?.["Labels"]) ?? {};
    return Object.keys(labels).some((key) => mark.test(key));
  } catch {
    return false;
  }
}

function address({ registry, repository }: ImageName, digest: string): string {
  return `oci://${registry}/${repository}@${digest}`;
}

function several(what: string, choice: readonly string[]): UsageError {
  return new UsageError({
    code: "several",
    what,
    found: `${choice.length}`,
    allowed: "one",
    next: "name one of them",
    notes: choice.slice(0, mostImages),
  });
}

function noCheckpoint(name: ImageName, images: readonly Manifest[]): ArchiveError {
  const layers = images.flatMap((image) => image.layers);
  const [layer] = layers;
  return new ArchiveError({
    code: "no-checkpoint-image",
    what: "the image is no checkpoint: neither annotations nor labels say that it is one",
    where: { url: `oci://${name.registry}/${name.repository}` },
    found: `an image of ${layers.length} ${layers.length === 1 ? "layer" : "layers"}`,
    allowed: "an image as `cryoscope restore image`, CRI-O, Podman and checkpointctl make it",
    next:
      layer === undefined
        ? "see whether the name is right"
        : `if one of its layers is an archive all the same, name that: ${address(name, layer.digest)}`,
  });
}
