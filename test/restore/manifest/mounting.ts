import type { Alteration } from "../../support/alteration.ts";
import type { OciSpec } from "./made.ts";

/** POD stands for the pod's id. */
export const volumes = "/var/lib/kubelet/pods/POD/volumes";

export function bind(
  source: string,
  destination: string,
  ...options: string[]
): Record<string, unknown> {
  return { destination, source, type: "bind", options: ["rbind", "rprivate", ...options] };
}

export function mounting(...mounts: Record<string, unknown>[]): (spec: OciSpec) => void {
  return (spec) => {
    for (const mount of mounts)
      spec.mounts.push({ ...mount, source: ofPod(spec, mount["source"]) });
  };
}

/** Adds a mount to the kernel's: like one that is there, elsewhere. */
export function mountedAs(
  alteration: Alteration,
  like: string,
  at: string,
  root: string,
): Promise<Alteration> {
  return alteration.image("mountpoints-12.img", "mnt_entry", (entries) => {
    const model = entries.find(({ mountpoint }) => mountpoint.endsWith(like));
    if (model === undefined) throw new Error(`no mount at ${like}`);
    const mountpoint = model.mountpoint.replace(like, at);
    return [...entries, { ...model, mnt_id: 9999, mountpoint, root }];
  });
}

export function ofPod({ annotations }: OciSpec, path: unknown): string {
  const keys = ["io.kubernetes.pod.uid", "io.kubernetes.cri.sandbox-uid"];
  const uid = keys.map((key) => annotations[key]).find((it) => it !== undefined) ?? "none";
  return String(path).replace("POD", uid);
}
