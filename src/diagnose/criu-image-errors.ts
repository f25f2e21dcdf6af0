import type { CriuRow } from "./known-error.ts";

/** What CRIU says of images that are missing, damaged or of another dump. */
export const imageErrors: readonly CriuRow[] = [
  {
    id: "image-damaged",
    phrases: [
      "Magic doesn't match for %s",
      "Head magic doesn't match for %s",
      "Not supported images version %u",
      "Unexpected EOF on %s.img",
      "Can't read img file",
      "Read %d bytes while %d expected from %s.img",
    ],
    cause: "an image of the dump is cut, changed, or of another CRIU",
    remedy:
      "copy the archive anew and compare the hashes (cryoscope audit tells which member); use the CRIU that made it",
    sources: ["criu sources", "recorded"],
  },
  {
    id: "no-images",
    phrases: ["Unexpected EOF on (empty-image)", "Can't open images directory"],
    cause: "there are no images of a dump where CRIU looks for them",
    remedy:
      "look whether images-dir in a configuration file moved them, and whether the archive is whole",
    sources: ["checkpoint-restore/checkpointctl#213", "recorded"],
  },
  {
    id: "pages-cut",
    phrases: [
      "Can't read mapping page %d",
      "Unexpected EOF %d",
      "Can't preadv() iovs",
      "Can't read pages",
    ],
    cause: "the memory pages of the dump are not all there: a page image is cut",
    remedy:
      "copy the archive anew and compare the hashes; CRIU may call the restore a success, and the memory is zero all the same",
    lossy: true,
    sources: ["criu sources", "recorded"],
  },
  {
    id: "images-mixed",
    phrases: [
      "No entry for reg-file-ID %s",
      "Can't find regfile for %s",
      "Missing %lx in parent pagemap",
    ],
    cause:
      "the images do not belong together: a file or a page is spoken of that none of them holds",
    remedy: "restore from the archive as it was made, with the dumps before it where it has any",
    sources: ["criu sources", "recorded"],
  },
];
