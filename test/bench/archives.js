// Archives to measure with: the real sample with one page image grown, and with it the page table
// and a mapping of that process, so that nothing about them is a problem to report.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { mixed } from "./contents.js";
import { members, padding, withSize } from "./tar.js";

export const sample = fileURLToPath(
  new URL(
    "../../samples/crio/checkpoint-counter-lab-node_default-counter-2026-11-21T21:20:14Z.tar",
    import.meta.url,
  ),
);
const pages = "checkpoint/pages-1.img";
const pageMap = "checkpoint/pagemap-1.img";
const layout = "checkpoint/mm-1.img";

const block = 512;
const pageSize = 4096;

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

/** Writes the same with memory (repeated) instead of the hole, compressed. */
export async function writeCompressed(path, size, [command, ...args], memory = mixed()) {
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
  const parts = [...members(readFileSync(sample))];
  const table = parts.find(({ name }) => name === pageMap);
  const count = (size - pagesBytes(table.body)) / pageSize;
  const before = [];
  const behind = [];
  let hole = 0;
  for (const { header, name, body } of parts) {
    if (name === pages) {
      before.push(withSize(header, size), body);
      hole = size - body.length;
      continue;
    }
    const grown =
      name === pageMap
        ? growPageMap(body, count)
        : name === layout
          ? growLayout(body, count)
          : body;
    const place = hole === 0 ? before : behind;
    place.push(withSize(header, grown.length), grown, Buffer.alloc(padding(grown.length)));
  }
  behind.push(Buffer.alloc(2 * block));
  return { head: Buffer.concat(before), hole, tail: Buffer.concat(behind) };
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

// A memory layout: two magic words, then one frame. Fields of the message: 14 a mapping, again and
// again, so that one behind the message is one more of them.
const mappingField = 0x72;
const readWrite = 3;
const privateAnonymous = 0x22;
const regularPrivateAnonymous = 1 | (1 << 9);

/** Adds a mapping of the added pages. */
function growLayout(image, count) {
  const end = freeAddress + BigInt(count * pageSize);
  // 1 start, 2 end, 3 offset, 4 shared memory, 5 protection, 6 flags, 7 status, 8 file (zigzag -1)
  const numbers = [
    ...[freeAddress, end, 0n, 0n],
    ...[readWrite, privateAnonymous, regularPrivateAnonymous, 1].map(BigInt),
  ];
  const mapping = numbers.flatMap((number, at) => [(at + 1) << 3, ...varint(number)]);
  const message = Buffer.concat([
    image.subarray(12, 12 + image.readUInt32LE(8)),
    Buffer.from([mappingField, ...varint(BigInt(mapping.length)), ...mapping]),
  ]);
  const head = Buffer.from(image.subarray(0, 12));
  head.writeUInt32LE(message.length, 8);
  return Buffer.concat([head, message]);
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
