// What a bench needs of tar: members of a small plain one, and headers with another size.
const block = 512;

/** Zero bytes behind a body of this many. */
export const padding = (size) => -size & (block - 1);

/** Headers, names and bodies, in order. */
export function* members(tar) {
  for (let at = 0; tar[at] !== 0; ) {
    const header = tar.subarray(at, at + block);
    const size = Number.parseInt(header.toString("latin1", 124, 135), 8);
    const name = header.toString("latin1", 0, header.indexOf(0));
    at += block;
    yield { header, name, body: tar.subarray(at, at + size) };
    at += size + padding(size);
  }
}

/** The header with another size (base-256 where twelve octal digits do not hold it). */
export function withSize(original, size) {
  const header = Buffer.from(original);
  if (size < 8 ** 11) header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  else {
    header.fill(0, 124, 136);
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(size), 128);
  }
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}
