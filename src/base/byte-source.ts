/**
 * The one port through which bytes come in. A file, a tar member, a buffer in a test and, later,
 * an HTTP range are all one. It stands in `base` so that `criu` and `runtime` can take bytes
 * without knowing that tar exists.
 */
export interface ByteSource {
  /** Length in bytes. Exact up to 2^53 - 1. */
  readonly size: number;
  /**
   * Bytes [offset, offset + length), cut at the end of the source. The caller owns the result.
   * Throws an ArchiveError when the medium gives less than its size promised.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * The same into memory of the caller's, where the medium can do that: spares what scans
   * gigabytes an allocation for each window. `target` is filled; the source must reach that far.
   */
  readInto?(offset: number, target: Uint8Array): Promise<void>;
  /** The same bytes in order, in chunks of the source's choosing. Constant memory. */
  stream(offset?: number, length?: number): AsyncIterable<Uint8Array>;
  /** For sources with holes: the bytes that are stored, each with its offset. The rest is zero. */
  stored?(): AsyncIterable<{ at: number; bytes: Uint8Array }>;
  /**
   * For sources whose bytes lie in an open file as they are: where the first of them is, so that
   * another thread can read them.
   */
  inFile?(): FilePlace | undefined;
}

/** A place in an open file. */
export interface FilePlace {
  fd: number;
  offset: number;
}

/** Fills `target` with the bytes at `offset`, by the shortest way that the source has. */
export async function fill(source: ByteSource, offset: number, target: Uint8Array): Promise<void> {
  if (source.readInto !== undefined) await source.readInto(offset, target);
  else target.set(await source.read(offset, target.length));
}
