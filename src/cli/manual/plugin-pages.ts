import type { ManualPage } from "./page.ts";

type PluginPage = Pick<ManualPage, "about" | "examples">;

const programPage: PluginPage = {
  about: `
Makes checkpoints of running containers through the cluster of your kubeconfig, says which nodes can, and
opens the archives that come of it.

Commands that ask a cluster take kubectl's -n, --context, --kubeconfig, --cluster, --user, --server and
--as, also before the command. Archives are read on the machine that this runs on: a copy of your own
opens with --permissions owner.`,
  examples: [
    ["cryoscope node", "which nodes of the cluster can checkpoint"],
    ["cryoscope checkpoint cart-0 -c app --dry-run", "what is against a checkpoint"],
    ["cryoscope checkpoint cart-0 -c app -n shop --fetch .", "make one, and bring it here"],
    ["cryoscope inspect --permissions owner FILE", "whose it is, what ran, what memory it holds"],
    ["cryoscope open --permissions owner FILE", "walk through it in a terminal UI"],
    ["cryoscope restore plan FILE --node worker-7", "will it come back there"],
  ],
};

const nodePage: PluginPage = {
  about: `
Every need of checkpoint and restore, one by one: kubelet, feature gate, runtime, CRIU and its options,
kernel, certificates, folders; each with what was found and what mends it. The API server is asked, which
tells less than the node itself: run cryoscope node there for the rest.

Without a name every node of the cluster is asked, one a line. --root reads a node's file system that lies
on this machine, and asks no cluster.`,
  examples: [
    ["cryoscope node", "every node of the cluster"],
    ["cryoscope node worker-7", "one of them, need by need"],
    ["cryoscope node --root /mnt/node", "a node's disk, mounted here"],
  ],
};

/** What manuals say otherwise under the name of a kubectl plugin, by the words that call a command. */
export const pluginPages: Readonly<Record<string, PluginPage>> = {
  "": programPage,
  node: nodePage,
};
