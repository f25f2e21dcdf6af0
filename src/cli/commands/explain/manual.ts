import type { ManualPage } from "../../manual/page.ts";

export const explainPage: ManualPage = {
  about: `
Reads dump.log or restore.log of CRIU, or what runc, crun, containerd, CRI-O and kubelets say around an
excerpt, from a file, a pipe, an archive or a folder of images. It tells the first real error from what
follows from it and from what never did harm, with its cause, the remedy, the line for a configuration file, and
links. What it does not know it shows among its neighbours, and says so. Logs of any length are read in constant
memory. A log is no archive: the permission gate is not asked for it.`,
  examples: [
    ["cryoscope explain /var/log/dump.log", "a log of CRIU"],
    ["kubectl describe pod cart | cryoscope explain", "what a node said of a pod"],
    ["cryoscope explain --timeline cart.tar", "the dump of an archive, and what took how long"],
  ],
  exits: { fine: "the log ends well", findings: "there is an error" },
  see: ["node", "restore plan", "criu(8)"],
};
