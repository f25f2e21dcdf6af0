import { valueAt } from "../base/json-object.ts";
import { commonIdentity } from "./common-metadata.ts";
import { type Documents, present, textAt, textsAt } from "./documents.ts";
import type { Evidence, Identity, RuntimeFormat } from "./format.ts";

/** Podman writes its whole container configuration, and the state of the container's network. */
export const podman: RuntimeFormat = { evidence, identity };

async function evidence(documents: Documents): Promise<Evidence[]> {
  const found: Evidence[] = [];
  const add = (strong: boolean, fact: string): void => {
    found.push({ strong, fact });
  };
  const spec = await documents.object("spec.dump");
  const annotations = textsAt(spec, "annotations");
  if (annotations.get("io.container.manager") === "libpod") {
    add(true, "spec.dump: annotation io.container.manager=libpod");
  }
  const config = await documents.object("config.dump");
  if (valueAt(config, "lockID") !== undefined || valueAt(config, "staticDir") !== undefined) {
    add(true, "config.dump: Podman's container configuration");
  }
  if (documents.files.has("network.status")) add(false, "member network.status");
  if (documents.files.has("ctr.log")) add(false, "member ctr.log");
  if (documents.files.has("artifacts")) add(false, "member artifacts");
  return found;
}

async function identity(documents: Documents): Promise<Identity> {
  const config = await documents.object("config.dump");
  // A container of `podman kube play` belongs to a pod of Podman's, known here by id only.
  const pod = textAt(config, "pod");
  return {
    ...commonIdentity(config),
    ...present<Identity>({
      imageId: textAt(config, "rootfsImageID"),
      pod,
    }),
  };
}
