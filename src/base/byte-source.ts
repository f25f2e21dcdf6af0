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
  /** The same bytes in order, in chunks of the source's choosing. Constant memory. */
  stream(offset?: number, length?: number): AsyncIterable<Uint8Array>;
}
