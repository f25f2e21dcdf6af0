/**
 * zstd frames (RFC 8878) of stored and repeated blocks: enough to be hostile with, and Node 20 has
 * no encoder.
 */

const magic = [0x28, 0xb5, 0x2f, 0xfd];
/** The largest block that the format allows. */
const blockBytes = 128 * 1024;

interface FrameOptions {
  /** Exponent of the window: it has 2^(10 + exponent) bytes. 7 stands for 128 KiB. */
  windowExponent?: number;
  /** Announces the content's size in eight bytes and no window of its own. */
  contentSize?: bigint;
}

function frameHeader({ windowExponent = 7, contentSize }: FrameOptions): Buffer {
  if (contentSize === undefined) return Buffer.from([...magic, 0, windowExponent << 3]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(contentSize);
  return Buffer.concat([Buffer.from([...magic, 0xe0]), size]);
}

function block(type: 0 | 1 | 3, length: number, last: boolean): Buffer {
  const word = (length << 3) | (type << 1) | (last ? 1 : 0);
  return Buffer.from([word & 0xff, (word >> 8) & 0xff, word >> 16]);
}

/** A frame that stores bytes as they are. */
export function zstdStored(content: Buffer, options: FrameOptions = {}): Buffer {
  const parts = [frameHeader(options)];
  for (let at = 0; at === 0 || at < content.length; at += blockBytes) {
    const stored = content.subarray(at, at + blockBytes);
    parts.push(block(0, stored.length, at + blockBytes >= content.length), stored);
  }
  return Buffer.concat(parts);
}

/** A frame of `content` and then so many blocks of 128 KiB of zeros, four bytes each. */
export function zstdBomb(content: Buffer, blocks: number): Buffer {
  const stored = zstdStored(content).subarray(6);
  // The last stored block is no longer the last one.
  const lastStored = 3 + (content.length % blockBytes || blockBytes);
  const at = stored.length - lastStored;
  stored[at] = (stored[at] as number) & 0xfe;
  const zeros = Buffer.concat([block(1, blockBytes, false), Buffer.of(0)]);
  const end = Buffer.concat([block(1, blockBytes, true), Buffer.of(0)]);
  const all = Array.from({ length: blocks - 1 }, () => zeros);
  return Buffer.concat([frameHeader({}), stored, ...all, end]);
}

/** A frame with a block of a type that the format reserves, after `content`. */
export function zstdBroken(content: Buffer): Buffer {
  const stored = zstdStored(content);
  const lastStored = 3 + (content.length % blockBytes || blockBytes);
  const at = stored.length - lastStored;
  stored[at] = (stored[at] as number) & 0xfe;
  return Buffer.concat([stored, block(3, 100, true), Buffer.alloc(100)]);
}
