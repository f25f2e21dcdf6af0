import type { ManualPage } from "../../manual/page.ts";

export const decodePage: ManualPage = {
  about: `
Prints the same text as crit 4.2.1, byte for byte, while it reads, so images of any size take no more
memory. Integers beyond 2^53 are exact; a program that reads them as doubles loses digits. Fields that
this version does not know are kept under (unknown fields).

--pretty is for people. --all writes NAME.json for each image below -C, a folder that is there.`,
  examples: [
    ["cryoscope decode cart.tar pstree.img", "one image"],
    ["cryoscope decode --pretty cart.tar core-1.img", "for people"],
    ["mkdir json && cryoscope decode --all -C json cart.tar", "every image, each to a file"],
  ],
  security: `
Nothing is masked here: registers, descriptors and addresses stand as they are. Memory is not among them.`,
  see: ["encode", "images", "crit(1)"],
};
