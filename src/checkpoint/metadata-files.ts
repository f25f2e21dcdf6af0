import type { Archive } from "../archive/archive.ts";
import type { TarMember } from "../archive/member.ts";
import { ArchiveError } from "../base/errors.ts";
import type { Documents } from "../runtime/documents.ts";

/** The files of an archive in which its runtime speaks of the container. */
export function metadataFiles(archive: Archive): Documents["files"] {
  const regular = (name: string): TarMember | undefined => {
    const member = archive.find(name);
    return member?.type === "file" ? member : undefined;
  };
  return {
    has: (name) => archive.find(name) !== undefined,
    size: (name) => regular(name)?.size,
    read: (name) => {
      const member = regular(name);
      if (member === undefined) throw new ArchiveError({ what: `there is no ${name}` });
      return archive.read(member, 0, member.size);
    },
  };
}
