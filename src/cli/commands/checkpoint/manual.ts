import type { ManualPage } from "../../manual/page.ts";

export const checkpointPage: ManualPage = {
  about: `
Has the kubelet checkpoint running containers, through the API server's node proxy or by the kubelet
itself, and prints the path of each archive on its node, or the one thing to change. The containers go on
running. --dry-run checkpoints nothing: it says where the call would go, who asks and may what, and what of the
node and the pod is against it.

--fetch brings the archives here: by their path where this machine is the node, else through a pod on that
node that sees the kubelet's folder read-only and is removed afterwards, or by a program of your own
(--fetch-command). The hash is compared on both ends, and nothing is replaced.`,
  examples: [
    ["cryoscope checkpoint shop/cart-0/app --dry-run", "would it work, and who may"],
    ["cryoscope checkpoint shop/cart-0/app", "one container; prints the path on its node"],
    ["cryoscope checkpoint -n shop pod/cart-0 -c app", "the same, as kubectl names pods"],
    ["cryoscope checkpoint -n shop -l app=cart --all-containers --parallel 2", "all of a kind"],
    ["cryoscope checkpoint shop/cart-0/app --fetch .", "and bring the archive here"],
    [
      "cryoscope checkpoint --kubelet https://worker-7:10250 --token-file token shop/cart-0/app",
      "without an API server",
    ],
  ],
  exits: {
    findings: "with --dry-run: something is against it",
    refused: "there is no such container, or it cannot be checkpointed",
    remote: "the API server, the kubelet or the runtime refused or failed",
    timeout: "no answer in time; the kubelet may still be at it",
  },
  security: `
Whoever may checkpoint a container may read all its memory. Whoever may exec into pods of the namespace that
--fetch uses could read the kubelet's folder while the pod lives: name one that few may
(--namespace-for-fetch).`,
  see: ["node", "restore plan"],
};
