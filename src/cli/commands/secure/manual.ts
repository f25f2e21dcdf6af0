import type { ManualPage } from "../../manual/page.ts";

export const securePage: ManualPage = {
  about: `
Makes archives root's and 0600, and takes the right to write from group and others of the folders that are
named; with --permissions owner, yours. Links are never followed. What had been open until then may have
been read or changed: secure says what it found, and audit tells what follows.`,
  examples: [
    ["cryoscope secure --dry-run /var/lib/kubelet/checkpoints", "what would be done"],
    ["cryoscope secure --permissions owner cart.tar", "a copy of your own"],
  ],
  exits: { refused: "an owner or mode could not be changed" },
  see: ["list", "audit"],
};
