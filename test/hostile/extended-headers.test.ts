import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { hostileCases } from "../support/hostile.ts";
import { scratch } from "../support/samples.ts";
import {
  bytes,
  endMarker,
  header,
  longName,
  member,
  paxHeader,
  paxRecord,
  type Stretch,
  sparseFile,
} from "../support/tar-builder.ts";

const MiB = 1024 * 1024;
const whole = ["cri-o", "lab-node", "counter", "pages-1.img"];

async function after(...tail: readonly Stretch[]): Promise<string> {
  return sparseFile([(await CheckpointBuilder.from()).bytes(Buffer.alloc(0)), ...tail]);
}

/** The same, compressed; holes become zeros on the way. */
async function gzipAfter(...tail: readonly Stretch[]): Promise<string> {
  const path = join(scratch(), "archive.tar.gz");
  const checkpoint = (await CheckpointBuilder.from()).bytes(Buffer.alloc(0));
  async function* tarBytes(): AsyncGenerator<Buffer> {
    yield checkpoint;
    for (const stretch of tail) {
      if (Buffer.isBuffer(stretch)) yield stretch;
      else
        for (let left = stretch.hole; left > 0; left -= MiB)
          yield Buffer.alloc(Math.min(left, MiB));
    }
  }
  await pipeline(tarBytes(), createGzip({ level: 1 }), createWriteStream(path, { mode: 0o600 }));
  return path;
}

const hugePax = header({ name: "PaxHeaders/0", type: "x", size: 300 * MiB });
const hugeName = header({ name: "././@LongLink", type: "L", size: 300 * MiB });
/** A chain that no member ends: 20 headers that say nothing. */
const chain = Buffer.concat(Array.from({ length: 20 }, () => paxHeader([["comment", "x"]])));

function records(body: Buffer | string): Buffer {
  return member({ name: "PaxHeaders/0", type: "x", body: bytes(body) });
}

const last = Buffer.concat([member({ name: "late" }), endMarker]);

hostileCases("extended headers", [
  {
    name: "a PAX header of 300 MB",
    path: () => after(hugePax, { hole: 300 * MiB }, last),
    code: 3,
    says: ["an extended header is larger than any real one", "314,572,800", "1,048,576"],
    shows: whole,
  },
  {
    name: "a PAX header of 300 MB, compressed",
    path: () => gzipAfter(hugePax, { hole: 16 * MiB }),
    code: 3,
    says: ["an extended header is larger than any real one"],
    shows: whole,
  },
  {
    name: "a GNU name of 300 MB",
    path: () => after(hugeName, { hole: 300 * MiB }, last),
    code: 3,
    says: ["an extended header is larger than any real one", "314,572,800"],
    shows: whole,
  },
  {
    name: "an endless chain of PAX headers",
    path: () => after(chain, last),
    code: 3,
    says: ["extended headers follow one another without a member", "found 17 in a row; allowed 16"],
    shows: whole,
  },
  {
    name: "an endless chain of GNU names",
    path: () => after(Buffer.concat(Array.from({ length: 20 }, () => longName("x"))), last),
    code: 3,
    says: ["extended headers follow one another without a member"],
    shows: whole,
  },
  {
    name: "an endless chain of PAX headers, compressed",
    path: () =>
      gzipAfter(
        ...Array.from({ length: 24 }, () =>
          Buffer.concat([header({ type: "x", size: MiB - 512 }), paxFiller(MiB - 512)]),
        ),
      ),
    code: 3,
    says: ["extended headers follow one another without a member", "found 17 in a row; allowed 16"],
    shows: whole,
  },
  {
    name: "a PAX header that the archive ends in",
    path: () => after(header({ type: "x", size: 2000 }), Buffer.alloc(512)),
    code: 3,
    says: ["truncated in an extended header", "found 512 bytes left; allowed 2,000 bytes"],
    shows: whole,
  },
  {
    name: "a PAX record without a length",
    path: () => after(records("path=late\n"), last),
    code: 3,
    says: ["a PAX record is malformed", "found no length"],
    shows: whole,
  },
  {
    name: "a PAX record that is longer than its header",
    path: () => after(records("99 path=late\n"), last),
    code: 3,
    says: ["a PAX record is malformed", "found length 99 at byte 0"],
    shows: whole,
  },
  {
    name: "a PAX record without a line break",
    path: () => after(records("12 path=late"), last),
    code: 3,
    says: ["a PAX record is malformed", "found length 12"],
    shows: whole,
  },
  {
    name: "a PAX record without a sign of equality",
    path: () => after(records("10 a path\n"), last),
    code: 3,
    says: ["a PAX record is malformed", "found length 10"],
    shows: whole,
  },
  {
    name: "a length of a PAX record beyond 2^53",
    path: () => after(records("99999999999999999 a=b\n"), last),
    code: 3,
    says: ["a PAX record is malformed"],
    shows: whole,
  },
  {
    name: "a time that no calendar has",
    path: async () => {
      const builder = await CheckpointBuilder.from();
      const body = builder.content("checkpoint/inventory.img");
      const pax: [string, string][] = [["mtime", "9".repeat(300)]];
      return builder.replace("checkpoint/inventory.img", { body, pax }).write();
    },
    code: 0,
    says: [],
    shows: whole,
  },
]);

function paxFiller(length: number): Buffer {
  const record = paxRecord("comment", "x".repeat(length - 20));
  return Buffer.concat([record, Buffer.alloc(length - record.length)]);
}
