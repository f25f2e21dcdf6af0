import type { ManualPage } from "../../manual/page.ts";

export const psPage: ManualPage = {
  about: `
The processes of the container with state, threads, user, memory and command line, as a tree or by
pid. Pids are those inside the container. --pid shows one in full: program, folder, rights, capabilities,
seccomp, namespaces, control groups, limits, signals, timers and threads; with -o wide their registers too.

Command lines lie in memory. Where a pre-dump has those pages, --parent names it.`,
  examples: [
    ["cryoscope ps cart.tar", "the tree"],
    ["cryoscope ps --pid 1 -o wide cart.tar", "one process, registers and all"],
    ["cryoscope ps -o json cart.tar | jq '.items | length'", "how many"],
  ],
  see: ["env", "files", "memory ls"],
};
