import { kubeletCheckpoints } from "../../../checkpoint/find-archives.ts";
import type { ManualPage } from "../../manual/page.ts";

export const listPage: ManualPage = {
  about: `
One line for each archive: namespace, pod and container out of the archive or of the kubelet's file name,
the engine that made it, its size, how much memory it holds, its age, and whether it is locked down. Folders
are looked through without their folders.

An archive that the permission gate refuses, or that cannot be read, still has its line, with what is
known from outside.`,
  examples: [
    ["cryoscope list", "the kubelet's folder"],
    ["cryoscope list -o wide /mnt/evidence", "a folder, in more columns"],
    [
      "cryoscope list -o json | jq -r '.items[] | select(.lockedDown | not) | .path'",
      "those that are not locked down",
    ],
  ],
  exits: {
    archive: "an archive could not be read, or there is no such folder; the others were listed",
  },
  files: [[kubeletCheckpoints, "where the kubelet puts checkpoints"]],
  see: ["secure", "audit"],
};
