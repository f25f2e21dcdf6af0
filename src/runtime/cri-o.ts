import { commonIdentity } from "./common-metadata.ts";
import { type Documents, present, textsAt } from "./documents.ts";
import type { Evidence, Identity, RuntimeFormat } from "./format.ts";

/** CRI-O keeps what it knows of a container in annotations of its OCI spec. */
export const crio: RuntimeFormat = { evidence, identity };

async function evidence(documents: Documents): Promise<Evidence[]> {
  const found: Evidence[] = [];
  const annotations = textsAt(await documents.object("spec.dump"), "annotations");
  const add = (strong: boolean, fact: string): void => {
    found.push({ strong, fact });
  };
  if (annotations.get("io.container.manager") === "cri-o") {
    add(true, "spec.dump: annotation io.container.manager=cri-o");
  }
  if (annotations.has("io.kubernetes.cri-o.ContainerID")) {
    add(true, "spec.dump: annotations io.kubernetes.cri-o.*");
  }
  if (documents.files.has("bind.mounts")) add(false, "member bind.mounts");
  if (documents.files.has("io.kubernetes.cri-o.LogPath")) {
    add(false, "member io.kubernetes.cri-o.LogPath");
  }
  return found;
}

async function identity(documents: Documents): Promise<Identity> {
  const config = await documents.object("config.dump");
  const annotations = textsAt(await documents.object("spec.dump"), "annotations");
  const common = commonIdentity(config);
  const parts = parseCrioName(common.name ?? annotations.get("io.kubernetes.cri-o.Name"));
  return {
    ...common,
    ...present<Identity>({
      id: common.id ?? annotations.get("io.kubernetes.cri-o.ContainerID"),
      name: annotations.get("io.kubernetes.container.name") ?? parts?.name ?? common.name,
      pod: annotations.get("io.kubernetes.pod.name") ?? parts?.pod,
      namespace: annotations.get("io.kubernetes.pod.namespace") ?? parts?.namespace,
      podUid: annotations.get("io.kubernetes.pod.uid") ?? parts?.podUid,
      image: common.image ?? annotations.get("io.kubernetes.cri-o.ImageName"),
      imageRef: common.imageRef ?? annotations.get("io.kubernetes.cri-o.ImageRef"),
      imageId: annotations.get("io.kubernetes.cri-o.Image"),
    }),
  };
}

/** CRI-O's own name: `k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT`; none of the parts may hold `_`. */
function parseCrioName(
  name: string | undefined,
): Pick<Identity, "name" | "pod" | "namespace" | "podUid"> | undefined {
  const match = /^k8s_([^_]+)_([^_]+)_([^_]+)_([^_]+)_\d+$/.exec(name ?? "");
  if (match === null) return undefined;
  const [, container, pod, namespace, podUid] = match as unknown as string[];
  return present({ name: container, pod, namespace, podUid });
}
