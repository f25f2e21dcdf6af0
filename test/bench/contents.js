// Memory to fill archives with: 32 MiB that are repeated.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { members } from "./tar.js";

const pageSize = 4096;
const samples = [
  "podman/rich-crun.tar",
  "podman/busybox-crun-none.tar",
  "crio/counter-runc.tar",
  "crio/checkpoint-mounts-lab-node_default-mounts-2026-11-21T21:20:15Z.tar",
  "containerd/checkpoint-rootfs-lab-node_default-rootfs-2026-11-21T21:05:02Z.tar",
];

/**
 * Memory as a process may have it, the same each time: of eight pages three hold text and records, two structures with
 * pointers, two are nearly empty, and one holds noise, as compressed or encrypted data does. Repeated
 * at a distance that neither gzip (32 KiB) nor zstd at its lower levels (a few MiB) sees.
 */
export const mixed = () =>
  filled([records, structures, nearlyEmpty, records, nearlyEmpty, structures, records, noise]);

/** Seven of eight pages nearly empty. */
export const empty = () => filled([records, ...Array(7).fill(nearlyEmpty)]);

/** Pages full of text, as of a log or a table. */
export const text = () => filled([records]);

/** Pages that real processes had: all of the plain samples, in any order. */
export function real() {
  const pages = [];
  for (const name of samples) {
    const file = fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));
    for (const { name, body } of members(readFileSync(file))) {
      if (!/\/pages-\d+\.img$/.test(name)) continue;
      for (let at = 0; at < body.length; at += pageSize) {
        pages.push(body.subarray(at, at + pageSize));
      }
    }
  }
  return filled([(page, random) => page.set(pages[random() % pages.length])]);
}

function filled(kinds) {
  const memory = Buffer.alloc(32 * 2 ** 20);
  const random = xorshift(0x9e3779b9);
  for (let at = 0; at < memory.length; at += pageSize) {
    kinds[random() % kinds.length](memory.subarray(at, at + pageSize), random);
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
