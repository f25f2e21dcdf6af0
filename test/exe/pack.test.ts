import { describe, expect, it } from "vitest";
import { pack } from "../../bin/dev/exe/pack.js";

const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:";
const linker = "/lib64/ld-linux-x86-64.so.2\0";
const MiB = 2 ** 20;

interface Segment {
  kind: number;
  flags: number;
  offset: number;
  address: number;
  fileSize: number;
  memorySize: number;
}

const kinds = { load: 1, dynamic: 2, interpreter: 3, note: 4, headers: 6, stack: 0x6474e551 };

/** Something that is laid out as Node is: code at 4 MiB, data with zeros behind it. */
function fakeNode({ type = 2, mark = `${fuse}0` } = {}): Buffer {
  const file = Buffer.alloc(0x3000 + 100);
  file.write("\x7fELF\x02\x01\x01", "latin1");
  file.writeUInt16LE(type, 16);
  file.writeUInt16LE(62, 18);
  file.writeBigUInt64LE(0x401234n, 24);
  file.writeBigUInt64LE(64n, 32);
  file.writeBigUInt64LE(0x3000n, 40);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  const segments: [number, number, number, number, number, number][] = [
    [kinds.headers, 4, 64, 0x400040, 6 * 56, 6 * 56],
    [kinds.interpreter, 4, 0x800, 0x400800, linker.length, linker.length],
    [kinds.load, 5, 0, 0x400000, 0x2000, 0x2000],
    [kinds.load, 6, 0x2000, 0x602000, 0x1000, 0x5000],
    [kinds.dynamic, 6, 0x2100, 0x602100, 0x100, 0x100],
    [kinds.stack, 6, 0, 0, 0, 0],
  ];
  file.writeUInt16LE(segments.length, 56);
  for (const [index, [kind, flags, ...words]] of segments.entries()) {
    const at = 64 + 56 * index;
    file.writeUInt32LE(kind, at);
    file.writeUInt32LE(flags, at + 4);
    const [offset, address, fileSize, memorySize] = words;
    for (const [word, value] of [offset, address, address, fileSize, memorySize, 4096].entries()) {
      file.writeBigUInt64LE(BigInt(value as number), at + 8 + 8 * word);
    }
  }
  file.write(linker, 0x800, "latin1");
  file.write(mark, 0x1800, "latin1");
  file.write("symbols that nothing maps", 0x3000, "latin1");
  return file;
}

function segmentsAt(file: Buffer, start: number, count: number): Segment[] {
  return Array.from({ length: count }, (_, index) => {
    const at = start + 56 * index;
    const word = (offset: number): number => Number(file.readBigUInt64LE(at + offset));
    return {
      kind: file.readUInt32LE(at),
      flags: file.readUInt32LE(at + 4),
      ...{ offset: word(8), address: word(16), fileSize: word(32), memorySize: word(40) },
    };
  });
}

/** Bytes that no other part has. */
const filled = (size: number, first: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, index) => (first + index * 7) % 251));

const parts = {
  launcher: filled(700, 1),
  libraries: [filled(5001, 2), filled(77, 3)] as [Buffer, Buffer],
  blob: filled(3000, 4),
};

describe("the packed executable", () => {
  const file = pack({ node: fakeNode(), ...parts });
  const kernel = segmentsAt(file, 64, file.readUInt16LE(56));
  const word = (at: number): number => Number(file.readBigUInt64LE(0x800 + at));
  const told = segmentsAt(file, word(0) - 0x100000, word(8));

  it("starts in the launcher: the kernel sees no interpreter", () => {
    expect(Number(file.readBigUInt64LE(24))).toBe(0x101000);
    expect(kernel.map(({ kind }) => kind)).toEqual([1, 1, 1, 1, kinds.stack]);
    expect(file.subarray(0x1000, 0x1000 + 700)).toEqual(parts.launcher);
  });

  it("has Node at its own addresses, and nothing over it", () => {
    expect(kernel.slice(1, 3)).toEqual([
      {
        ...{ kind: 1, flags: 5, offset: 2 * MiB, address: 0x400000 },
        ...{ fileSize: 0x2000, memorySize: 0x2000 },
      },
      {
        ...{ kind: 1, flags: 6, offset: 2 * MiB + 0x2000, address: 0x602000 },
        ...{ fileSize: 0x1000, memorySize: 0x5000 },
      },
    ]);
    const loads = kernel.slice(0, 4);
    for (const [index, { offset, address, memorySize, fileSize }] of loads.entries()) {
      expect(offset % 65536).toBe(address % 65536);
      expect(address + memorySize).toBeLessThanOrEqual(loads[index + 1]?.address ?? Infinity);
      expect(offset + fileSize).toBeLessThanOrEqual(file.length);
    }
    const same = fakeNode({ mark: `${fuse}1` }).subarray(0, 0x3000);
    expect(file.subarray(2 * MiB, 2 * MiB + 0x3000)).toEqual(same);
    expect(file.includes("symbols that nothing maps")).toBe(false);
  });

  it("tells the dynamic linker of Node alone, and of the note", () => {
    expect(told.map(({ kind }) => kind)).toEqual([6, 3, 1, 1, 1, 2, kinds.stack, 4]);
    // The linker takes Node's place in memory from where this table is.
    expect(told[0]).toMatchObject({ address: word(0), memorySize: told.length * 56 });
    expect(word(16)).toBe(0x401234);
    const path = word(24) - 0x100000;
    expect(file.toString("latin1", path, path + linker.length)).toBe(linker);
    const note = told.at(-1) as Segment;
    expect(note).toMatchObject({ address: kernel[3]?.address, offset: kernel[3]?.offset });
    expect(file.readUInt32LE(note.offset + 4)).toBe(3000);
    expect(file.subarray(note.offset + 28)).toEqual(parts.blob);
    expect(file.toString("latin1", note.offset + 12, note.offset + 26)).toBe("NODE_SEA_BLOB\0");
  });

  it("tells the launcher where its libraries are", () => {
    const at = (place: number): Buffer => {
      const start = word(place) - 0x100000;
      return file.subarray(start, start + word(place + 8));
    };
    expect([at(32), at(48)]).toEqual(parts.libraries);
  });

  it("is the same bytes for the same parts", () => {
    expect(pack({ node: fakeNode(), ...parts }).equals(file)).toBe(true);
  });

  it("refuses what it would break", () => {
    const of =
      (change: object): (() => Buffer) =>
      () =>
        pack({ node: fakeNode(), ...parts, ...change });
    expect(of({ node: fakeNode({ type: 3 }) })).toThrow("not at fixed addresses");
    expect(of({ node: Buffer.alloc(4096) })).toThrow("not a 64-bit ELF file");
    expect(of({ node: fakeNode({ mark: "" }) })).toThrow("is not there once");
    expect(of({ node: fakeNode({ mark: `${fuse}0${fuse}0` }) })).toThrow("is not there once");
    expect(of({ libraries: [Buffer.alloc(2 * MiB), Buffer.alloc(1)] })).toThrow("do not fit");
  });
});
