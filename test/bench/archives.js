// Archives to measure with: the real sample with one page image grown, and the page table of that
// process grown with it, so that nothing about them is a problem to report.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const sample = fileURLToPath(
  new URL(
    "../../samples/crio/checkpoint-counter-lab-node_default-counter-2026-11-21T21:20:14Z.tar",
    import.meta.url,
  ),
);
const pages = "checkpoint/pages-1.img";
const pageMap = "checkpoint/pagemap-1.img";

const block = 512;
const pageSize = 4096;
export const padding = (size) => -size & (block - 1);

/** Writes the sample as it is. */
export function writeSmall(path) {
  writeNew(path, (file) => writeSync(file, readFileSync(sample)));
}

/** Writes the sample with `pages-1.img` of this many bytes, all of them but the first a hole. */
export function writeSparse(path, size) {
  const { head, hole, tail } = grow(size);
  writeNew(path, (file) => {
    writeSync(file, head);
    ftruncateSync(file, head.length + hole);
    writeSync(file, tail, 0, tail.length, head.length + hole);
  });
}

/** Writes the same with memory as a process may have it instead of the hole, compressed. */
export async function writeCompressed(path, size, [command, ...args]) {
  const { head, hole, tail } = grow(size);
  const file = openSync(path, "wx", 0o600);
  const child = spawn(command, args, { stdio: ["pipe", file, "inherit"] });
  closeSync(file);
  const ended = once(child, "exit");
  // What went wrong is told by the exit status.
  child.stdin.on("error", () => {});
  const write = async (bytes) => {
    if (!child.stdin.write(bytes)) await Promise.race([once(child.stdin, "drain"), ended]);
  };
  await write(head);
  const memory = inventedMemory();
  for (let left = hole; left > 0; left -= memory.length) {
    await write(memory.subarray(0, Math.min(left, memory.length)));
  }
  await write(tail);
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

function writeNew(path, write) {
  const file = openSync(path, "wx", 0o600);
  try {
    write(file);
  } finally {
    closeSync(file);
  }
}

/** The grown archive: what stands before the added pages, their bytes, what stands behind. */
function grow(size) {
  const before = [];
  const behind = [];
  let hole = 0;
  for (const { header, name, body } of members(readFileSync(sample))) {
    if (name === pageMap) {
      const grown = growPageMap(body, (size - pagesBytes(body)) / pageSize);
      before.push(withSize(header, grown.length), grown, Buffer.alloc(padding(grown.length)));
    } else if (name === pages) {
      before.push(withSize(header, size), body);
      hole = size - body.length;
    } else {
      (hole === 0 ? before : behind).push(header, body, Buffer.alloc(padding(body.length)));
    }
  }
  behind.push(Buffer.alloc(2 * block));
  return { head: Buffer.concat(before), hole, tail: Buffer.concat(behind) };
}

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

// A page table: two magic words, then frames of a length (u32) and a protobuf message. The first
// message is the head, each other one a run: 1 address, 2 nr_pages of old, 4 flags, 5 nr_pages.
const addressField = 0x08;
const oldCountField = 0x10;
const flagsField = 0x20;
const countField = 0x28;
const present = 4;
/** Above all that 48-bit page tables reach, so no run of the sample is in the way. */
const freeAddress = 2n ** 48n;

function growPageMap(image, count) {
  const run = Buffer.from([
    addressField,
    ...varint(freeAddress),
    ...[oldCountField, 0, flagsField, present],
    countField,
    ...varint(BigInt(count)),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(run.length);
  return Buffer.concat([image, length, run]);
}

/** Bytes of all present runs: the size that the page image has now. */
function pagesBytes(image) {
  let count = 0;
  const head = 8 + 4 + image.readUInt32LE(8);
  for (let at = head; at < image.length; at += 4 + image.readUInt32LE(at)) {
    const run = image.subarray(at + 4, at + 4 + image.readUInt32LE(at));
    const fields = new Map();
    for (let from = 0; from < run.length; ) {
      const key = run[from];
      let value = 0n;
      let shift = 0n;
      do {
        from += 1;
        value |= BigInt(run[from] & 0x7f) << shift;
        shift += 7n;
      } while (run[from] >= 0x80);
      from += 1;
      fields.set(key, value);
    }
    if (fields.get(flagsField) & BigInt(present)) count += Number(fields.get(countField));
  }
  return count * pageSize;
}

function varint(value) {
  const bytes = [];
  for (; value >= 0x80n; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  return [...bytes, Number(value)];
}

/**
 * 32 MiB, the same each time: of eight pages three hold text and records, two structures with
 * pointers, two are nearly empty, and one holds noise, as compressed or encrypted data does. Repeated
 * at a distance that neither gzip (32 KiB) nor zstd at its lower levels (a few MiB) sees.
 */
function inventedMemory() {
  const memory = Buffer.alloc(32 * 2 ** 20);
  const random = xorshift(0x9e3779b9);
  const fill = [records, structures, nearlyEmpty, records, nearlyEmpty, structures, records, noise];
  for (let at = 0; at < memory.length; at += pageSize) {
    fill[random() % fill.length](memory.subarray(at, at + pageSize), random);
  }
  return memory;
}

const words =
  "id user order status pending shipped name price total created_at note GET POST".split(" ");

function records(page, random) {
  for (let at = 0; at < page.length; ) {
    const word = () => words[random() % words.length];
    const number = random();
    at += page.write(`{"${word()}":${number},"${word()}":"${word()} ${number % 9973}"}\n`, at);
    // A multiple of eight, as an allocator places them; the gap keeps the page from standing still.
    at += 8 - (at % 8);
  }
}

function structures(page, random) {
  for (let at = 0; at < page.length; at += 32) {
    page.writeBigUInt64LE(0x7f5500000000n + BigInt(random() & 0xffffff8), at);
    page.writeUInt32LE(random() % 64, at + 8);
    page.writeUInt32LE(random(), at + 16);
  }
}

function nearlyEmpty(page, random) {
  for (let count = 0; count < 16; count += 1) page[random() % page.length] = random() & 0xff;
}

function noise(page, random) {
  for (let at = 0; at < page.length; at += 4) page.writeUInt32LE(random(), at);
}

function xorshift(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
