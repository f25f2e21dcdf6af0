import type { ManualPage } from "../../manual/page.ts";

export const extractPage: ManualPage = {
  about: `
Writes members below -C, a folder that is there, under their own names. Patterns are globs: * stops at /, **
does not; OUTER!INNER reaches into rootfs-diff.tar, volumes and tmpfs. Names that climb, absolute names
and links that lead out are refused, one by one, and nothing is ever overwritten. Devices are not made.

--deleted writes files that were deleted while they were open, with their holes. --stdout writes one
member to standard output.`,
  examples: [
    ["mkdir out && cryoscope extract cart.tar 'checkpoint/core-*' -C out", "CRIU's core images"],
    ["cryoscope extract --stdout cart.tar config.dump | jq -r .runtime", "one member, to a pipe"],
    [
      "mkdir changed && cryoscope extract --same-mode rootfs.tar 'rootfs-diff.tar!**' -C changed",
      "what the container changed",
    ],
    [
      "mkdir deleted && cryoscope extract --deleted rich.tar -C deleted",
      "files that were deleted, and were still open",
    ],
  ],
  exits: { refused: "refused, or a member could not be written; the others were" },
  security: `
What is written came out of the container, programs included: do not run it. Modes are 0600 and 0700
unless --same-mode is given, and never set-user-ID.`,
  see: ["images", "decode"],
};
