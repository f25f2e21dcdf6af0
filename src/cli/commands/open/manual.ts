import type { ManualPage } from "../../manual/page.ts";

export const openPage: ManualPage = {
  about: `
Opens the terminal UI on an archive, or on a folder of archives as they come and go. Enter goes in,
Esc comes back, / filters, : takes commands, and ? shows every key that is live.

Archives are read in a thread of their own, so no key waits for them. Nothing that is shown is written
anywhere; Ctrl-S writes what is under the cursor to a new private file, after a question. Without a
terminal it does not start, and says which command to use instead.`,
  examples: [
    ["cryoscope open", "the kubelet's folder"],
    ["cryoscope open --permissions owner cart.tar", "a copy of your own"],
    ["cryoscope open --readonly /mnt/evidence", "look, and change nothing"],
  ],
  exits: { remote: "a cluster that --context names is not there" },
  environment: [["TERM, COLORTERM, COLORFGBG", "what the terminal can show; dumb: no UI"]],
  security: `
What is copied with c goes through the terminal into the clipboard, which other programs may read.`,
  see: ["list", "inspect"],
};
