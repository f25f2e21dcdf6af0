import type { ManualPage } from "../../manual/page.ts";

export const encodePage: ManualPage = {
  about: `
Makes a CRIU image of JSON as decode and crit print it. What decode printed becomes the same bytes again.
What CRIU could not read is refused with the place in the JSON. Images do not go to a terminal.`,
  examples: [
    ["cryoscope decode cart.tar pstree.img | cryoscope encode > pstree.img", "there and back"],
  ],
  exits: {
    archive: "the JSON describes no image",
    refused: "the image would go to a terminal, or over a file",
  },
  see: ["decode", "crit(1)"],
};
