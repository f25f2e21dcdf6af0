import { createHash } from "node:crypto";
import { nameOf, type Reference } from "../../remote/registry/reference.ts";
import type { Annotation } from "./annotations.ts";
import type { ImageFacts } from "./facts.ts";
import type { PackedLayer } from "./pack.ts";

/** A JSON document of the image, by its content. */
interface Blob {
  mediaType: string;
  digest: string;
  bytes: Buffer;
}

/** The documents of one image. Equal inputs give equal bytes. */
export interface ImageDocuments {
  config: Blob;
  manifest: Blob;
  index: Buffer;
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";

/** `oci-layout`, the file that tells that a folder is one. */
export const layoutBytes: Buffer = Buffer.from('{"imageLayoutVersion":"1.0.0"}');

/**
 * Makes configuration, manifest and index (OCI image specification 1.1). The annotations of the
 * checkpoint stand at the manifest, where CRI-O and Podman look, and at the index: containerd reads
 * the one of both that the image's name points to. As labels they stand in the configuration, the
 * one document that every form of an image keeps.
 */
export function imageDocuments(
  facts: Pick<ImageFacts, "architecture" | "created" | "name">,
  layer: PackedLayer,
  annotations: readonly Annotation[],
  reference: Reference,
): ImageDocuments {
  const texts = Object.fromEntries(annotations.map(({ key, value }) => [key, value]));
  const created = facts.created === undefined ? {} : { created: facts.created };
  const config = blob(configType, {
    ...created,
    architecture: facts.architecture,
    os: "linux",
    config: { Labels: texts },
    rootfs: { type: "layers", diff_ids: [layer.diffId] },
    history: [
      {
        ...created,
        created_by: "cryoscope restore image",
        comment: `checkpoint of container ${facts.name.value}`,
      },
    ],
  });
  const manifest = blob(manifestType, {
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor(config),
    layers: [{ mediaType: layer.mediaType, digest: layer.digest, size: layer.sizeBytes }],
    annotations: texts,
  });
  const name = nameOf(reference);
  const index = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [
        {
          ...descriptor(manifest),
          // containerd's import goes by the first, Podman, skopeo and others by the second.
          annotations: {
            "io.containerd.image.name": name,
            "org.opencontainers.image.ref.name": name,
          },
          platform: { architecture: facts.architecture, os: "linux" },
        },
      ],
      annotations: texts,
    }),
  );
  return { config, manifest, index };
}

/** The documents of a `docker save` archive, and the path of each member in it. */
export function dockerDocuments(
  { config }: ImageDocuments,
  layer: PackedLayer,
  reference: Reference,
): { config: string; layer: string; manifest: Buffer; repositories: Buffer } {
  const hex = (digest: string): string => digest.slice("sha256:".length);
  const members = { config: `${hex(config.digest)}.json`, layer: `${hex(layer.digest)}.tar` };
  const { registry, repository, tag } = reference;
  return {
    ...members,
    manifest: Buffer.from(
      JSON.stringify([
        { Config: members.config, RepoTags: [nameOf(reference)], Layers: [members.layer] },
      ]),
    ),
    repositories: Buffer.from(
      JSON.stringify({ [`${registry}/${repository}`]: { [tag]: hex(layer.digest) } }),
    ),
  };
}

function blob(mediaType: string, value: unknown): Blob {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  return { mediaType, digest, bytes };
}

function descriptor({ mediaType, digest, bytes }: Blob): object {
  return { mediaType, digest, size: bytes.length };
}
