import { join } from "node:path";
import { Extractor } from "../../archive/extract.ts";
import { canonicalName } from "../../archive/member.ts";
import { ArchiveError } from "../../base/errors.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { putFile } from "../new-file.ts";
import type { RoomMeter } from "./room.ts";

const folders = /^(?:pre-)?checkpoint(?:\/|$)/;

/**
 * Writes the images for CRIU, 0600, with what Podman took before (`pre-checkpoint/`), to which a
 * link leads from the last dump.
 * @throws {ArchiveError} where one of them cannot be written whole.
 */
export async function writeImages(
  checkpoint: Checkpoint,
  part: string,
  room: RoomMeter,
): Promise<{ files: number; bytes: number }> {
  const { archive, images } = checkpoint;
  if (images?.label("") !== "checkpoint/") {
    throw new ArchiveError({
      what: "the archive holds no last dump, so nothing can be restored from it alone",
      where: { path: archive.path },
      found: images === undefined ? "no CRIU images" : `images in ${images.label("") || "its top"}`,
      allowed: "images in checkpoint/",
      next: "take the archive of the last dump",
    });
  }
  const wanted = archive.members.filter(
    (member) =>
      folders.test(canonicalName(member.name)) &&
      archive.find(canonicalName(member.name)) === member,
  );
  room.expect(wanted.reduce((sum, { storedSize }) => sum + storedSize, 0));
  const extractor = new Extractor(part, {
    links: "keep",
    progress: (bytes) => room.take(bytes),
  });
  const total = { files: 0, bytes: 0 };
  for (const member of wanted) {
    const { status, reason, sizeBytes } = await extractor.extract(archive, member);
    if (status !== "written") {
      throw new ArchiveError({
        what: `${member.name} cannot go into the bundle: ${reason ?? status}`,
        where: { path: archive.path, member: member.name },
        next: "copy the archive again and compare sizes, or make the checkpoint again",
      });
    }
    if (member.type === "directory") continue;
    total.files += 1;
    total.bytes += sizeBytes;
  }
  // Both runtimes want to know what the standard descriptors were; without the file they stop.
  if (images.open("descriptors.json") === undefined) {
    await putFile(join(part, "checkpoint/descriptors.json"), new TextEncoder().encode("[]"));
  }
  return total;
}
