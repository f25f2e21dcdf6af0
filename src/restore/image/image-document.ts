import type { Compression } from "../../archive/compression.ts";
import { apiVersion, type Document } from "../../base/document.ts";
import type { Problem } from "../../base/problem.ts";
import { nameOf } from "../../remote/registry/reference.ts";
import type { Engine } from "../../runtime/engine.ts";
import type { Annotation, Withheld } from "./annotations.ts";
import type { DestinationForm } from "./destination.ts";
import type { Restorer } from "./facts.ts";
import type { Pushed } from "./registry/push.ts";
import type { BuiltImage, ImagePlan } from "./write-image.ts";

/** A part of the image, by its content. */
interface ImagePart {
  mediaType: string;
  digest: string;
  sizeBytes: number;
}

/** What `restore image` did. Sizes in bytes. */
export interface RestoreImage extends Document<"RestoreImage"> {
  archive: string;
  engine: Engine;
  name: string;
  platform: { os: "linux"; architecture: string };
  created: string | null;
  layer: ImagePart & { diffId: string; compression: Compression };
  config: ImagePart;
  manifest: ImagePart;
  annotations: Annotation[];
  withheld: Withheld[];
  restorers: Restorer[];
  /** Where it was written; null where it was only pushed. */
  destination: { form: DestinationForm; path: string; sizeBytes: number } | null;
  pushed: Pushed | null;
  problems: Problem[];
}

/** Tells what was made of a plan, and what to know before it is restored. */
export function imageDocument(
  plan: ImagePlan,
  { layer, documents }: BuiltImage,
  where: Pick<RestoreImage, "destination" | "pushed">,
): RestoreImage {
  const { facts, archive } = plan;
  const { diffId, compression, mediaType, digest, sizeBytes } = layer;
  return {
    apiVersion,
    kind: "RestoreImage",
    archive: archive.path,
    engine: facts.engine,
    name: nameOf(plan.reference),
    platform: { os: "linux", architecture: facts.architecture },
    created: facts.created ?? null,
    layer: { mediaType, digest, sizeBytes, diffId, compression },
    config: part(documents.config),
    manifest: part(documents.manifest),
    annotations: plan.annotations,
    withheld: plan.withheld,
    restorers: facts.restorers,
    destination: where.destination,
    pushed: where.pushed,
    problems: [...archive.problems, ...warnings(plan, where)],
  };
}

function part({ mediaType, digest, bytes }: BuiltImage["documents"]["config"]): ImagePart {
  return { mediaType, digest, sizeBytes: bytes.length };
}

function warnings(
  { facts, withheld, compression }: ImagePlan,
  { destination }: Pick<RestoreImage, "destination">,
): Problem[] {
  const found: Problem[] = [];
  const warn = (code: string, message: string): void => {
    found.push({ severity: "warning", code, message });
  };
  if (destination?.form === "docker-archive") {
    warn(
      "no-annotations",
      "a docker-archive has no place for annotations, so no runtime knows this image for a checkpoint (they are labels of its configuration); to restore it take oci: or oci-archive:",
    );
  }
  for (const { key, source, reason } of withheld) {
    warn("annotation-withheld", `${key} was left out: ${source} is no text for it (${reason})`);
  }
  if (!facts.restorers.some(({ restores }) => restores)) {
    warn(
      "no-restorer",
      "no runtime finds its own notes in the archive, so none will restore the image",
    );
  }
  if (compression === "zstd") {
    warn("zstd-layer", "runtimes before containerd 1.5 and Podman 2 cannot unpack a zstd layer");
  }
  return found;
}
