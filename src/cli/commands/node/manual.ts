import type { ManualPage } from "../../manual/page.ts";

export const nodePage: ManualPage = {
  about: `
Every need of checkpoint and restore, one by one: kubelet, feature gate, runtime, CRIU and its
options, kernel, certificates, folders; each with what was found and what mends it. The kubelet's
settings are merged as the kubelet merges them, and each is told with the file or flag that it comes from.

Without a name this machine is asked, and programs on it that only root can change are run for their
versions. --root reads a node's file system that lies elsewhere, and runs nothing. With a name or --all the
API server is asked, which tells less.`,
  examples: [
    ["cryoscope node", "this machine"],
    ["cryoscope node --root /mnt/node -o wide", "a node's disk, mounted elsewhere"],
    ["cryoscope node worker-7", "a node of the cluster"],
    ["cryoscope node --all -o json", "every node of the cluster"],
  ],
  exits: {
    findings: "a node cannot checkpoint; what cannot be told is no finding",
    remote: "the cluster refused, or cannot be reached",
    timeout: "the cluster did not answer in time",
  },
  files: [
    [
      "/var/lib/kubelet/config.yaml",
      "the kubelet's settings, where neither its flags nor its unit say otherwise",
    ],
    ["/etc/criu/", "what CRIU is told by file"],
  ],
  see: ["checkpoint", "restore plan"],
};
