import type { ManualPage } from "../../manual/page.ts";

export const imagesPage: ManualPage = {
  about: `
Lists what is in the tar: memory page images first, then CRIU's other images by kind with their processes,
pages and entries, then metadata, logs and file system changes. --nested goes into the archives inside
the archive, whose members are named OUTER!INNER, as extract takes them.`,
  examples: [
    ["cryoscope images cart.tar", "every member"],
    ["cryoscope images --nested cart.tar", "and those of rootfs-diff.tar, volumes and tmpfs"],
    ["cryoscope images -q cart.tar | grep core-", "names for a script"],
  ],
  see: ["extract", "decode"],
};
