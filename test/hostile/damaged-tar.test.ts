import { gzipSync } from "node:zlib";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { type HostileCase, hostileCases } from "../support/hostile.ts";
import {
  base256,
  type Entry,
  endMarker,
  gnuMagic,
  gnuSparse,
  member,
  privateFile,
  sparseFile,
  tar,
  zeroBlock,
} from "../support/tar-builder.ts";

/** A real checkpoint, followed by what the case adds; everything before it must still be shown. */
async function after(...tail: readonly Buffer[]): Promise<string> {
  const checkpoint = (await CheckpointBuilder.from()).bytes(Buffer.alloc(0));
  return privateFile(Buffer.concat([checkpoint, ...tail]));
}

const whole = ["cri-o", "lab-node", "counter", "Processes", "pages-1.img"];

/** A last member that cannot be read, with a number in its header that no honest tar has. */
function badHeader(name: string, entry: Entry, says: readonly string[]): HostileCase {
  return {
    name,
    path: () => after(member({ name: "late", ...entry }), endMarker),
    code: 3,
    says,
    shows: whole,
  };
}

/** The same for an archive that comes as a stream. */
function badGzipHeader(name: string, entry: Entry, says: readonly string[]): HostileCase {
  return {
    name,
    path: async () => {
      const checkpoint = (await CheckpointBuilder.from()).add("late", entry).bytes();
      return privateFile(gzipSync(checkpoint), "checkpoint.tar.gz");
    },
    code: 3,
    says,
    shows: whole,
  };
}

hostileCases("a tar that was cut", [
  {
    name: "in its first header",
    path: () => privateFile(member({ name: "config.dump" }).subarray(0, 300)),
    code: 3,
    says: ["this is no tar archive", "300 bytes left"],
  },
  {
    name: "in a later header",
    path: () => after(member({ name: "late" }).subarray(0, 300)),
    code: 3,
    says: ["the archive is truncated in a tar header", "found 300 bytes left", "allowed 512 bytes"],
    shows: whole,
  },
  {
    name: "in the body of the last member",
    path: () => after(member({ name: "late", body: "x".repeat(4000) }).subarray(0, 512 + 1000)),
    code: 3,
    says: ["truncated in member late", "found 1,000 bytes left", "allowed 4,000 bytes"],
    shows: whole,
  },
  {
    name: "right behind a header",
    path: () => after(member({ name: "late", body: "x".repeat(4000) }).subarray(0, 512)),
    code: 3,
    says: ["truncated in member late", "found 0 bytes left"],
    shows: whole,
  },
  {
    name: "in the padding of the last member",
    path: () => after(member({ name: "late", body: "x", padding: false })),
    code: 3,
    says: ["truncated in the padding of member late"],
    shows: whole,
  },
  {
    name: "in its last block of zeros",
    path: () => after(zeroBlock, Buffer.alloc(100)),
    code: 0,
    says: ["one block of zeros where two are due; all members are whole"],
    shows: whole,
  },
  {
    name: "after one block of zeros",
    path: () => after(zeroBlock),
    code: 0,
    says: ["one block of zeros where two are due"],
    shows: whole,
  },
  {
    name: "before its end marker",
    path: () => after(),
    code: 3,
    says: ["the archive ends without its end marker, so members may be missing"],
    shows: whole,
  },
  {
    name: "in the page image",
    path: async () => {
      const builder = await CheckpointBuilder.from();
      const names = builder.names();
      builder.drop(...names.slice(names.indexOf("checkpoint/pages-2.img") + 1));
      const bytes = builder.bytes(Buffer.alloc(0));
      return privateFile(bytes.subarray(0, bytes.length - 4096));
    },
    code: 3,
    says: ["truncated in member checkpoint/pages-2.img", "allowed 65,536 bytes"],
    shows: ["pages-1.img"],
  },
]);

hostileCases("a tar with a bad header", [
  {
    name: "a wrong checksum in the first header",
    path: () => privateFile(tar([{ name: "config.dump", checksum: "0000001\0" }])),
    code: 3,
    says: ["this is no tar archive", "found    1"],
  },
  badHeader("a wrong checksum in a later header", { checksum: "0000001\0" }, [
    "a tar header has a wrong checksum",
    "found 1;",
  ]),
  badHeader("no checksum at all", { checksum: "        " }, [
    "a tar header has a wrong checksum",
    "no octal number",
  ]),
  badHeader("a negative size as a binary number", { size: base256(-512n) }, [
    "a tar header has a negative size",
    "found -512",
  ]),
  badHeader("a size that is no number", { size: "twelve bytes" }, [
    "a tar header has a size that is no number we can use",
    "twelve bytes",
  ]),
  badHeader("a size beyond 2^53", { size: base256(1n << 60n) }, [
    "a size that is no number we can use",
    "up to 2^53 - 1",
  ]),
  badHeader("a size beyond the file", { size: base256(1n << 50n) }, [
    "truncated in member late",
    "allowed 1,125,899,906,842,624 bytes",
  ]),
  badHeader("a negative size in a PAX header", { pax: [["size", "-1"]] }, [
    "a PAX record has a size that is no number we can use",
    '"-1"',
  ]),
  badHeader("a size beyond 2^53 in a PAX header", { pax: [["size", "9007199254740993"]] }, [
    "a PAX record has a size that is no number we can use",
  ]),
  badHeader("a size beyond the file in a PAX header", { pax: [["size", "999999999999"]] }, [
    "truncated in member late",
    "allowed 999,999,999,999 bytes",
  ]),
  badHeader("a mode that is no number", { mode: "rwxr-xr" }, ["has a mode that is no number"]),
  badHeader("an owner that is negative", { uid: base256(-1n, 8) }, [
    "a tar header has a negative uid",
  ]),
  badHeader(
    "a sparse map of an odd number of numbers",
    {
      pax: [
        ["GNU.sparse.size", "4096"],
        ["GNU.sparse.map", "0,512,1024"],
      ],
    },
    ["a sparse map is malformed", "found 3 numbers"],
  ),
  badHeader(
    "a sparse map of words",
    {
      pax: [
        ["GNU.sparse.size", "4096"],
        ["GNU.sparse.map", "a,b"],
      ],
    },
    ["a PAX record has a sparse offset that is no number"],
  ),
  {
    name: "a size on which the PAX header and the tar header disagree",
    path: () =>
      after(
        member({ name: "late", body: "x".repeat(512), size: 3, pax: [["size", "512"]] }),
        endMarker,
      ),
    code: 0,
    says: ["the PAX header gives late 512 bytes and its tar header 3; the PAX header counts"],
    shows: whole,
  },
]);

hostileCases("a compressed tar with a bad header", [
  badGzipHeader("a wrong checksum", { checksum: "0000001\0" }, [
    "a tar header has a wrong checksum",
  ]),
  badGzipHeader("a negative size", { size: base256(-512n) }, ["a tar header has a negative size"]),
  badGzipHeader("a size that is no number", { size: "twelve bytes" }, [
    "a tar header has a size that is no number we can use",
  ]),
  badGzipHeader("a size beyond 2^53", { size: base256(1n << 60n) }, [
    "a tar header has a size that is no number we can use",
  ]),
  badGzipHeader("a size beyond 2^88", { size: base256(1n << 92n) }, [
    "a tar header has a size that is no number we can use",
  ]),
  badGzipHeader("a size beyond the archive", { size: base256(1n << 50n) }, [
    "truncated in member late",
    "allowed 1,125,899,906,842,624 bytes",
  ]),
  badGzipHeader("a negative size in a PAX header", { pax: [["size", "-1"]] }, [
    "a PAX record has a size that is no number we can use",
  ]),
  badGzipHeader("a mode that is no number", { mode: "rwxr-xr" }, ["has a mode that is no number"]),
  badGzipHeader("a negative owner", { uid: base256(-512n, 8) }, ["has a negative uid"]),
  badGzipHeader("a time that is no number", { mtime: "yesterday" }, [
    "has a mtime that is no number we can use",
  ]),
  badGzipHeader("a time that no calendar has", { mtime: base256((1n << 86n) - 1n) }, [
    "has a mtime that is no number we can use",
  ]),
]);

const body = "s".repeat(1024);

function sparse(
  name: string,
  entry: Entry,
  says: readonly string[],
  target = "checkpoint/core-1.img",
): HostileCase {
  return {
    name,
    path: async () => (await CheckpointBuilder.from()).replace(target, entry).write(),
    code: 3,
    says,
    shows: ["cri-o", "lab-node", "pages-2.img"],
  };
}

hostileCases("a sparse member", [
  sparse(
    "with segments that overlap",
    gnuSparse(
      { body },
      [
        [0, 512],
        [100, 512],
      ],
      4096,
    ),
    ["a segment of a sparse file overlaps another", "from 512 to 4,096"],
  ),
  sparse(
    "with segments out of order",
    gnuSparse(
      { body },
      [
        [2048, 512],
        [0, 512],
      ],
      4096,
    ),
    ["a segment of a sparse file overlaps another", "segment at 0 of 512 bytes"],
  ),
  sparse(
    "with a segment outside the file",
    gnuSparse(
      { body },
      [
        [0, 512],
        [1 << 30, 512],
      ],
      4096,
    ),
    ["or lies outside the file", "segment at 1,073,741,824"],
  ),
  sparse("with segments that do not add up", gnuSparse({ body }, [[0, 512]], 4096), [
    "the segments of a sparse file do not add up",
    "512 bytes in segments",
  ]),
  sparse(
    "with a PAX 0.0 map that overlaps",
    {
      body,
      pax: [
        ["GNU.sparse.size", "4096"],
        ["GNU.sparse.offset", "0"],
        ["GNU.sparse.numbytes", "512"],
        ["GNU.sparse.offset", "0"],
        ["GNU.sparse.numbytes", "512"],
      ],
    },
    ["a segment of a sparse file overlaps another"],
  ),
  sparse("with a PAX 1.0 map that announces too many segments", pax10("1000001\n"), [
    "a sparse map is malformed",
    "1,000,001 segments",
  ]),
  sparse("with a PAX 1.0 map that never ends", pax10("1000\n0\n512\n"), [
    "the map of a sparse member has no end",
  ]),
  sparse("with a PAX 1.0 map of words", pax10("many\n"), ["number of sparse segments"]),
  {
    name: "with an old GNU map that goes on through the file",
    path: async () => {
      const checkpoint = (await CheckpointBuilder.from()).bytes(Buffer.alloc(0));
      const first = member(gnuSparse({ name: "late", magic: gnuMagic }, [], 4096, true));
      // Blocks without a segment that say that another block follows.
      const block = Buffer.alloc(512);
      block[504] = 1;
      return sparseFile([checkpoint, first, ...Array.from({ length: 50_000 }, () => block)]);
    },
    code: 3,
    says: ["a sparse map has too many blocks", "allowed 47,620"],
    shows: whole,
  },
]);

function pax10(map: string): Entry {
  return {
    body: Buffer.concat([Buffer.from(map), Buffer.alloc(512 - map.length, 0)]),
    pax: [
      ["GNU.sparse.major", "1"],
      ["GNU.sparse.minor", "0"],
      ["GNU.sparse.name", "checkpoint/core-1.img"],
      ["GNU.sparse.realsize", "4096"],
    ],
  };
}
