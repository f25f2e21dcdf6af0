import type { ManualPage } from "../../manual/page.ts";

export const mountsPage: ManualPage = {
  about: `
One tree for each mount namespace: type, source, flags, and which mounts come from outside of the
container and have to be there again at a restore.`,
  examples: [
    ["cryoscope mounts cart.tar", "the tree"],
    ["cryoscope mounts -o json cart.tar", "with every field of CRIU's"],
  ],
  see: ["restore plan", "files"],
};
