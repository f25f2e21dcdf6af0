import type { ManualPage } from "../../manual/page.ts";

export const envPage: ManualPage = {
  about: `
The environment as it lay in the memory of each process when it was frozen, which is not always that of
its start: programs write over it. What was changed by setenv lies elsewhere; memory search finds it.`,
  examples: [
    ["cryoscope env cart.tar", "of every process, secrets masked"],
    ["cryoscope env --pid 1 -o json cart.tar", "of one, for a script"],
  ],
  see: ["ps", "memory secrets"],
};
