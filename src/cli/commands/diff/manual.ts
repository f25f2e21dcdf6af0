import type { ManualPage } from "../../manual/page.ts";

export const diffPage: ManualPage = {
  about: `
Compares two checkpoints as lists of things: container, image, runtime, processes and their rights,
environment, descriptors, sockets, mounts, mappings, pages, files, findings. The archives may be of different
engines and forms. A pid that runs another program under another name is another process.

Pages are compared by their page tables, without being read; --pages compares their bytes. A dump that
follows a pre-dump is known by its page table, and pages that it left there are counted as unchanged.`,
  examples: [
    ["cryoscope diff before.tar after.tar", "what changed"],
    [
      "cryoscope diff --show processes,memory --pages before.tar after.tar",
      "two sections, bytes compared",
    ],
  ],
  exits: { fine: "they do not differ", findings: "they differ" },
  see: ["inspect", "audit"],
};
