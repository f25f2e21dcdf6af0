import type { ByteSpace } from "../../state/byte-space.ts";

/**
 * What the hex view (`kind: "hex"`) is opened with:
 *
 *     { path, pid: 1, at: 0x7f4007811000n }     the memory of a process
 *     { path, member: "checkpoint/core-1.img" } a member of the archive
 *     { path, member: "rootfs-diff.tar!etc/passwd" } one of an archive inside the archive
 */
export type HexArgument = ByteSpace & {
  /** The archive, as it was opened. */
  path: string;
  /** Where the cursor begins; at the first byte where it is left out. */
  at?: bigint;
  /** The same as it was typed: an address, or the name of a mapping. */
  goto?: string;
};
