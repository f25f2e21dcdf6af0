import { commonIdentity } from "./common-metadata.ts";
import { type Documents, present, textAt, textsAt } from "./documents.ts";
import type { Evidence, Identity, RuntimeFormat } from "./format.ts";

/** containerd's CRI plugin adds its own status and the CRI status to the archive (2.1 and later). */
export const containerd: RuntimeFormat = { evidence, identity };

async function evidence(documents: Documents): Promise<Evidence[]> {
  const found: Evidence[] = [];
  const add = (strong: boolean, fact: string): void => {
    found.push({ strong, fact });
  };
  const runtime = textAt(await documents.object("config.dump"), "runtime");
  if (runtime?.startsWith("io.containerd.")) add(true, `config.dump: runtime ${runtime}`);
  const annotations = textsAt(await documents.object("spec.dump"), "annotations");
  if (annotations.has("io.kubernetes.cri.container-type")) {
    add(true, "spec.dump: annotations io.kubernetes.cri.*");
  }
  if (documents.files.has("status.dump")) add(false, "member status.dump");
  if (documents.files.has("status")) add(false, "member status");
  if (documents.files.has("container.log")) add(false, "member container.log");
  return found;
}

async function identity(documents: Documents): Promise<Identity> {
  const common = commonIdentity(await documents.object("config.dump"));
  const annotations = textsAt(await documents.object("spec.dump"), "annotations");
  const status = await documents.object("status.dump");
  const labels = textsAt(status, "labels");
  const parts = parseContainerdName(common.name);
  return {
    ...common,
    ...present<Identity>({
      id: common.id ?? textAt(status, "id"),
      name:
        labels.get("io.kubernetes.container.name") ??
        annotations.get("io.kubernetes.cri.container-name") ??
        parts?.name ??
        common.name,
      pod:
        labels.get("io.kubernetes.pod.name") ??
        annotations.get("io.kubernetes.cri.sandbox-name") ??
        parts?.pod,
      namespace:
        labels.get("io.kubernetes.pod.namespace") ??
        annotations.get("io.kubernetes.cri.sandbox-namespace") ??
        parts?.namespace,
      podUid:
        labels.get("io.kubernetes.pod.uid") ??
        annotations.get("io.kubernetes.cri.sandbox-uid") ??
        parts?.podUid,
      image: common.image ?? annotations.get("io.kubernetes.cri.image-name"),
      imageRef: common.imageRef ?? textAt(status, "image_ref"),
    }),
  };
}

/** containerd's name of a container: `CONTAINER_POD_NAMESPACE_UID_ATTEMPT`. */
function parseContainerdName(
  name: string | undefined,
): Pick<Identity, "name" | "pod" | "namespace" | "podUid"> | undefined {
  const match = /^([^_]+)_([^_]+)_([^_]+)_([^_]+)_\d+$/.exec(name ?? "");
  if (match === null) return undefined;
  const [, container, pod, namespace, podUid] = match as unknown as string[];
  return present({ name: container, pod, namespace, podUid });
}
