import { textAt, textsAt } from "../../runtime/documents.ts";
import type { Subject } from "../subject.ts";

/** One place of the metadata that names the image. */
export interface ImageClaim {
  member: string;
  pointer: string;
  text: string;
}

/** All that the metadata says of the image. */
interface ImageClaims {
  /** Names as a user gives them: the first is the one that a restore goes by. */
  names: ImageClaim[];
  /** Ids and references with digests, which all have to be of one image. */
  refs: ImageClaim[];
  /** Repositories by which CRI-O knew the image, with digests. */
  repoDigests: ImageClaim[];
}

export function imageClaims(subject: Subject): Promise<ImageClaims> {
  return subject.once("image claims", async () => {
    const { documents } = subject.checkpoint;
    const config = await documents.object("config.dump");
    const status = await documents.object("status.dump");
    const annotations = textsAt(await documents.object("spec.dump"), "annotations");
    const claims: ImageClaims = { names: [], refs: [], repoDigests: [] };
    const fromConfig = (list: ImageClaim[], key: string): void =>
      claim(list, "config.dump", `/${key}`, textAt(config, key));
    const fromSpec = (list: ImageClaim[], key: string): void =>
      claim(list, "spec.dump", `/annotations/${key}`, annotations.get(key));
    fromConfig(claims.names, "rootfsImageName");
    fromSpec(claims.names, "io.kubernetes.cri-o.ImageName");
    fromSpec(claims.names, "io.kubernetes.cri.image-name");
    claim(claims.names, "status.dump", "/image/image", textAt(status, "image", "image"));
    fromConfig(claims.refs, "rootfsImageRef");
    fromConfig(claims.refs, "rootfsImage");
    fromSpec(claims.refs, "io.kubernetes.cri-o.ImageRef");
    fromSpec(claims.refs, "io.kubernetes.cri-o.Image");
    claim(claims.refs, "status.dump", "/image_ref", textAt(status, "image_ref"));
    const known = annotations.get("io.kubernetes.cri-o.ImageRepoDigests") ?? "";
    for (const text of known.split(/[\s,]+/)) {
      const at = "/annotations/io.kubernetes.cri-o.ImageRepoDigests";
      claim(claims.repoDigests, "spec.dump", at, text === "" ? undefined : text);
    }
    return claims;
  });
}

function claim(
  list: ImageClaim[],
  member: string,
  pointer: string,
  text: string | undefined,
): void {
  if (text !== undefined) list.push({ member, pointer, text });
}
