import { canonicalName } from "../../../archive/member.ts";
import type { ByteSource } from "../../../base/byte-source.ts";
import { ArchiveError } from "../../../base/errors.ts";
import { quote } from "../../../base/shell.ts";
import type { Checkpoint } from "../../../checkpoint/checkpoint.ts";
import { describeContent } from "../../../checkpoint/content.ts";

/** Canonical names of all members that CRIU wrote. */
export function imageNames(checkpoint: Checkpoint): string[] {
  return [...checkpoint.archive.names()].filter((name) => {
    const member = checkpoint.archive.find(name);
    return member !== undefined && describeContent(member).image !== undefined;
  });
}

/**
 * Finds an image by its name, with or without its folder.
 * @throws ArchiveError when there is none, or when it has no CRIU magic and so nothing to decode.
 */
export function findImage(
  checkpoint: Checkpoint,
  wanted: string,
): { name: string; source: ByteSource } {
  const { archive } = checkpoint;
  const exact = archive.find(canonicalName(wanted));
  const member = exact ?? archive.find(checkpoint.images?.label(wanted) ?? wanted);
  if (member === undefined) {
    throw new ArchiveError({
      what: `there is no image ${wanted} in the archive`,
      where: { path: archive.path },
      next: `see what there is: cryoscope images ${quote(archive.path)}`,
    });
  }
  const { image, title } = describeContent(member);
  if (image?.framed === false) {
    throw new ArchiveError({
      what: `${member.name} holds no CRIU entries: it is ${title}`,
      where: { path: archive.path, member: member.name },
      found: "a raw file",
      allowed: "an image with a CRIU magic",
      next: `take it as it is: cryoscope extract --stdout ${quote(archive.path)} ${quote(member.name)}`,
    });
  }
  return { name: member.name, source: archive.open(member) };
}
