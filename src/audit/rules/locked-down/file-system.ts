import { statfs } from "node:fs/promises";
import { placeOf } from "../../facts/place.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const fileSystem: Rule = {
  id: "locked-down/file-system",
  title: "Archive lies where its mode does not say who may read it",
  severity: "low",
  looksAt: "type of the file system (`statfs`)",
  why: "On a network share, another system decides who reads a file, and others mount the same share; FAT has no owners at all. Owner and mode as they are seen here prove nothing there.",
  remedy: "Keep archives on a local file system, or check the rights where the share is served.",
  evaluate,
};

/** Numbers of `<linux/magic.h>`; SMB as the kernel's own module gives it. */
const elsewhere: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "SMB (cifs)"],
  [0xfe534d42, "SMB (cifs)"],
  [0x01021997, "9P"],
  [0x65735546, "FUSE"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
  [0x786f4256, "a folder of VirtualBox's host"],
  [0x4d44, "FAT"],
  [0x2011bab0, "exFAT"],
]);

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  const place = await placeOf(subject);
  if (place === undefined) return;
  // Magic numbers have 32 bits; some kernels extend their sign.
  const found = await statfs(place.path).catch(() => undefined);
  const name = found === undefined ? undefined : elsewhere.get(found.type >>> 0);
  if (name === undefined) return;
  yield {
    message: `the archive lies on ${name}, so its owner and mode do not tell who can read it`,
    key: name,
    places: [{ path: place.path }],
  };
}
