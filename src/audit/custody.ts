/** Whoever hands an archive on signs for it with this: what it was, and who looked at it how. */
export interface Custody {
  /** SHA-256 of the file as it lies on disk, hex. */
  archiveSha256: string;
  /** Every member with bytes of its own, in the archive's order: name, bytes, SHA-256. */
  members: { name: string; size: number; sha256: string }[];
  tool: string;
  /** RFC 3339. */
  hashedAt: string;
  user: string;
  uid: number;
  host: string;
  /** The command line as it was typed; secrets masked. */
  command: string;
}
