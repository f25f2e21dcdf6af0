import type { ManualPage } from "../../manual/page.ts";

export const inspectPage: ManualPage = {
  about: `
Shows container, pod and image, the runtime with the evidence for it, sizes, what CRIU told of the
dump, the process tree, memory, mounts, network, annotations, and what is wrong with the archive.
--show picks sections; rootfs (what changed in the root file system) is shown only when asked for.

A plain tar is read by seeking from header to header, so a large archive takes no longer than a small one.
A compressed one goes by once.`,
  examples: [
    ["cryoscope inspect cart.tar", "all about one archive"],
    ["cryoscope inspect --show processes,rootfs cart.tar", "two sections"],
    ["cryoscope inspect -o json cart.tar | jq -r .runtime.engine", "for a script: who made it"],
    ["gzip -c cart.tar | cryoscope inspect -", "from a pipe, compressed"],
  ],
  see: ["images", "ps", "audit"],
};
