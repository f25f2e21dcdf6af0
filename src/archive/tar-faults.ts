import { ArchiveError } from "../base/errors.ts";
import { formatCount } from "../base/units.ts";

export function emptyArchive(): ArchiveError {
  return new ArchiveError({
    what: "the archive is empty",
    found: "0 bytes",
    allowed: "a tar archive, plain or compressed with gzip or zstd",
    next: "make the checkpoint again: the runtime was stopped before it wrote anything",
  });
}

export function notTar(cause: ArchiveError): ArchiveError {
  return new ArchiveError({
    what: "this is no tar archive",
    where: { offset: 0 },
    found: cause.detail.found ?? "no tar header",
    allowed: "a tar archive, plain or compressed with gzip or zstd",
    next: "check with `file` what it is",
    cause,
  });
}

/** The error for a part that ends after the archive does. */
export function cut(what: string, needed: number, left: number): ArchiveError {
  return new ArchiveError({
    what: `the archive is truncated in ${what}`,
    found: `${formatCount(left)} bytes left`,
    allowed: `${formatCount(needed)} bytes`,
    next: "copy the archive again and compare sizes, or make the checkpoint again: the disk may have been full",
  });
}
