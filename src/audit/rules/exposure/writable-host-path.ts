import { type HostMount, readHostMounts } from "../../../checkpoint/needs/host-mounts.ts";
import { folderOf } from "../../facts/folders.ts";
import { runtimeSocket } from "../../facts/runtime-sockets.ts";
import type { Sighting } from "../../finding.ts";
import { matchesAny } from "../../policy/pattern.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Who may write here is, or soon becomes, root on the node. */
const taking = (
  "/bin /boot /dev /etc /home /lib /lib64 /opt/cni /proc /root /run /sbin /sys /usr /var/run " +
  "/var/lib/cni /var/lib/containerd /var/lib/containers /var/lib/crio /var/lib/docker " +
  "/var/lib/etcd /var/lib/kubelet /var/lib/rancher /var/spool/cron"
).split(" ");

/** Folders that hold such folders. */
const above = new Set(["/", "/var", "/var/lib", "/opt", "/var/spool"]);

/** Bind mounts of the node's own paths that the container may write. */
export const writableHostPath: Rule = {
  id: "exposure/writable-host-path",
  title: "Path of the node is writable",
  severity: "medium",
  looksAt: "bind mounts of spec.dump, and whether mountpoints-N.img has them read-only",
  why: "What a container writes there outlives it, other containers and the node itself read it, and in folders such as /etc it makes whoever is inside root on the node.",
  remedy:
    "Mount it with `readOnly: true`, or use a volume instead of a hostPath. Where it has to be so, name it in `expect.writableHostPaths` of the policy.",
  references: ["https://kubernetes.io/docs/concepts/storage/volumes/#hostpath"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const { writableHostPaths } = subject.policy.expect;
    for (const mount of await readHostMounts(subject)) {
      if (mount.kind !== "host" && mount.kind !== "other-pod") continue;
      if (!mount.writable || runtimeSocket(mount.source) !== undefined) continue;
      if (!matchesAny(writableHostPaths, mount.source)) yield sighting(mount);
    }
  },
};

function sighting({ source, mountpoint, kind, place }: HostMount): Sighting {
  const grave = above.has(source) || folderOf(source, taking) !== undefined;
  const whose = kind === "other-pod" ? "another pod's folder" : "a path of the node";
  return {
    message: `${source}, ${whose}, is writable at ${mountpoint}`,
    key: source,
    severity: grave || kind === "other-pod" ? "high" : "medium",
    places: [{ ...place, path: source }],
    facts: { source, mountpoint },
  };
}
