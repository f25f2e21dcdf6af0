import { gzipSync } from "node:zlib";
import type { Mutator } from "./mutator.ts";

/** Another compression around the archive. */
const packing: Mutator = {
  op: "packing",
  weight: 3,
  choose: (random, { shape }) =>
    shape === "archive" ? { as: random.pick(["none", "gzip", "zstd"]) } : undefined,
  apply(subject, mutation) {
    subject.packing = mutation["as"] as typeof subject.packing;
  },
};

/** What gzip allows before and behind the data, and what it does not. */
const gzipHeader: Mutator = {
  op: "gzip-shape",
  weight: 2,
  choose: (random, { packing: as }) =>
    as === "gzip"
      ? {
          how: random.pick(["flags", "member", "empty", "trailer", "bomb", "method"]),
          flags: random.below(256),
          extra: random.below(70_000),
        }
      : undefined,
  apply(subject, mutation) {
    const insert = (at: number, remove: number, bytes: Buffer): void => {
      subject.edits.packed.push({ at, remove, insert: bytes });
    };
    const flags = Number(mutation["flags"]);
    switch (mutation["how"]) {
      case "flags":
        insert(3, 1, Buffer.of(flags));
        insert(10, 0, Buffer.alloc(Number(mutation["extra"]) % 300, flags));
        break;
      case "method":
        insert(2, 1, Buffer.of(flags));
        break;
      case "member":
        insert(0, 0, gzipSync(Buffer.alloc(512 * (flags % 4))));
        break;
      case "empty":
        insert(2 ** 40, 0, gzipSync(Buffer.alloc(0)));
        break;
      case "bomb":
        insert(2 ** 40, 0, bomb());
        break;
      default:
        insert(2 ** 40, 0, Buffer.alloc(Number(mutation["extra"]) % 3000, flags));
    }
  },
};

/** 64 MiB of zeros: far below what is refused, far above what may be kept. */
let made: Buffer | undefined;
function bomb(): Buffer {
  made ??= gzipSync(Buffer.alloc(2 ** 26), { level: 9 });
  return made;
}

/** Headers and blocks of zstd. The frame in the subject is of stored blocks. */
const zstdShape: Mutator = {
  op: "zstd-shape",
  weight: 2,
  choose: (random, { packing: as }) =>
    as === "zstd"
      ? {
          how: random.pick(["descriptor", "window", "block", "skippable", "again", "repeated"]),
          byte: random.below(256),
          word: random.word(),
        }
      : undefined,
  apply(subject, mutation) {
    const byte = Number(mutation["byte"]);
    const edit = (at: number, remove: number, insert: Buffer): void => {
      subject.edits.packed.push({ at, remove, insert });
    };
    const word = Buffer.alloc(4);
    word.writeUInt32LE(Number(mutation["word"]) >>> 0);
    switch (mutation["how"]) {
      case "descriptor":
        edit(4, 1, Buffer.of(byte));
        break;
      case "window":
        edit(5, 1, Buffer.of(byte));
        break;
      case "block":
        edit(6, 3, word.subarray(0, 3));
        break;
      case "skippable":
        edit(0, 0, Buffer.concat([Buffer.of(0x50 | (byte & 15), 0x2a, 0x4d, 0x18), word]));
        break;
      case "again":
        edit(2 ** 40, 0, Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, byte, 1, 0, 0));
        break;
      default:
        // A block that repeats one byte, up to 2 MiB of it.
        edit(
          6,
          0,
          Buffer.concat([
            Buffer.of(((byte & 31) << 3) | 2, byte, Number(mutation["word"]) & 31),
            Buffer.of(0),
          ]),
        );
    }
  },
};

export const packingMutators: readonly Mutator[] = [packing, gzipHeader, zstdShape];
