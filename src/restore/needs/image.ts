import type { Asked } from "../../checkpoint/needs/asked.ts";
import { hashOf, parseReference } from "../../checkpoint/needs/image-reference.ts";
import { readSpec } from "../../checkpoint/needs/spec.ts";
import type { Fact } from "../../node/facts.ts";
import { textsAt } from "../../runtime/documents.ts";
import { fact } from "./evidence.ts";

/** The image that the container ran. */
export interface BaseImageNeeds {
  /** As the user named it. */
  name: Fact<string>;
  /** As the runtime resolved it: `name@sha256:…`; CRI-O and Podman write the bare id. */
  reference: Fact<string>;
  /** Id of the image: the digest of its configuration, without `sha256:`. */
  id: Fact<string>;
  /** Digest of its manifest or index, `sha256:…`. */
  digest: Fact<string>;
  /** `registry/repository`, completed as runtimes do. */
  repository: Fact<string>;
}

export async function baseImageNeeds(asked: Asked): Promise<BaseImageNeeds> {
  const { image, imageRef, imageId } = await asked.checkpoint.identity();
  const { engine } = await asked.checkpoint.runtime();
  const spec = await readSpec(asked);
  // CRI-O alone notes digests beside the id.
  const key = "io.kubernetes.cri-o.ImageRepoDigests";
  const noted = textsAt(spec?.document, "annotations").get(key)?.split(/[ ,]/)[0];
  const resolved = [imageRef, noted].find(
    (it) => it?.includes("@") === true && hashOf(it) !== undefined,
  );
  const id = hashOf(imageId) ?? (engine === "containerd" ? undefined : bareHash(imageRef));
  const silent = "the archive does not say";
  const reference = parseReference(image ?? "") ?? parseReference(resolved ?? "");
  return {
    name: fact(image, "config.dump /rootfsImageName", silent),
    reference: fact(imageRef, "config.dump /rootfsImageRef", silent),
    id: fact(id, imageId === undefined ? "config.dump /rootfsImageRef" : "config.dump", silent),
    digest: fact(
      resolved === undefined ? undefined : `sha256:${hashOf(resolved)}`,
      resolved === imageRef ? "config.dump /rootfsImageRef" : `spec.dump /annotations/${key}`,
      silent,
    ),
    repository: fact(
      reference?.repository,
      image === undefined ? `spec.dump /annotations/${key}` : "config.dump /rootfsImageName",
      "no name of an image is noted",
    ),
  };
}

function bareHash(text: string | undefined): string | undefined {
  return text?.includes("@") === true ? undefined : hashOf(text);
}
