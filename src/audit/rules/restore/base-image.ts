import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Images that the runtime cannot fetch by itself. */
export const baseImage: Rule = {
  id: "restore/base-image",
  title: "Image cannot be pulled by its reference",
  severity: "high",
  looksAt: "rootfsImageRef of config.dump, where containerd made the archive",
  why: "containerd pulls the image that a checkpoint was made of. A reference that is a digest alone names no registry: `failed to pull checkpoint base image sha256:…: invalid port`.",
  remedy:
    "Give the image a name on the node that restores (`ctr -n k8s.io images tag`), or run the container from an image with a name and checkpoint it again.",
  references: ["https://github.com/containerd/containerd/issues/12876"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const { engine } = await subject.checkpoint.runtime();
    const { imageRef } = await subject.checkpoint.identity();
    if (engine !== "containerd" || imageRef === undefined) return;
    if (!/^(?:sha256:)?[0-9a-f]{64}$/.test(imageRef)) return;
    yield {
      message: `the image is known by ${imageRef} alone, which containerd cannot pull`,
      key: "digest only",
      places: [{ member: "config.dump", pointer: "/rootfsImageRef" }],
      facts: { imageRef },
    };
  },
};
