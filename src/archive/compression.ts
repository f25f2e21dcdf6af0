import { startsWith } from "../base/bytes.ts";
import { ArchiveError } from "../base/errors.ts";

/** How the tar itself is stored. */
export type Compression = "none" | "gzip" | "zstd";

/** Leading bytes that name a format (RFC 1952, RFC 8878, and the xz, bzip2 and lz4 tools). */
const magics: [string, readonly number[]][] = [
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["lz4", [0x04, 0x22, 0x4d, 0x18]],
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
];

/** Number of leading bytes that `recogniseCompression` wants to see. */
export const magicBytes = 8;

/**
 * Tells the compression from the first bytes, never from the file name: containerd writes gzip
 * under the name `rootfs-diff.tar`.
 * @throws ArchiveError for formats that we know and do not read.
 */
export function recogniseCompression(head: Uint8Array): Compression {
  // A skippable zstd frame may come first: 0x184D2A50 to 0x184D2A5F, little-endian.
  if (startsWith(head.subarray(1), [0x2a, 0x4d, 0x18]) && ((head[0] ?? 0) & 0xf0) === 0x50) {
    return "zstd";
  }
  const name = magics.find(([, magic]) => startsWith(head, magic))?.[0];
  if (name === undefined) return "none";
  if (name === "gzip" || name === "zstd") return name;
  const tool = name === "zip" ? "unzip" : name;
  throw new ArchiveError({
    what: `the file is compressed with ${name}, which no runtime writes and we do not read`,
    found: name,
    allowed: "a tar archive, plain or compressed with gzip or zstd",
    next: `unpack it first: ${tool === "unzip" ? "unzip FILE" : `${tool} -dk FILE`}`,
  });
}
