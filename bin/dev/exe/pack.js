// Makes the one-file executable of its parts: an ELF file that the kernel maps whole.
//
//   address      in the file
//   0x100000     0              this header, what the launcher must know, the launcher, the libraries
//   Node's own   from 2 MiB     Node, as it is released, but for one byte and without its symbols
//   behind it    behind it      the blob with our scripts, as a note (node:sea looks for it there)
//
// The kernel finds no interpreter in the file, so the launcher runs first (launcher/launcher.c). The
// dynamic linker is given a second table of headers: Node's, and the note.

/** Where the file is mapped, and where in it things stand; launcher.c and launcher.ld know them too. */
const base = 0x100000n;
const places = { parcel: 0x800, interpreter: 0x900, headers: 0xa00, launcher: 0x1000 };
/** Node's first address: what stands before it must be smaller. */
const ceiling = 0x400000n;
/** As large as any page, and as the pages that Node's code may be put in. */
const alignment = 0x200000;
const type = { load: 1, interpreter: 3, note: 4, headers: 6, stack: 0x6474e551 };
const headerSize = 56;
const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:";

/**
 * @param parts `node`, `launcher`, `libraries` (libstdc++ and libgcc_s) and `blob`, as bytes.
 * @returns the executable. Same parts, same bytes.
 */
export function pack({ node, launcher, libraries, blob }) {
  const headers = programHeaders(node);
  const loads = headers.filter(({ kind }) => kind === type.load);
  const nodeStart = alignment;
  const nodeSize = Math.max(...loads.map(({ offset, fileSize }) => Number(offset + fileSize)));
  const note = noteOf(blob);
  const noteHeader = {
    ...{ kind: type.load, flags: 4, align: BigInt(alignment) },
    offset: BigInt(up(nodeStart + nodeSize)),
    address: BigInt(up(Math.max(...loads.map((load) => Number(load.address + load.memorySize))))),
    ...{ fileSize: BigInt(note.length), memorySize: BigInt(note.length) },
  };
  const moved = headers.map((header) => ({ ...header, offset: header.offset + BigInt(nodeStart) }));

  const front = frontPart({ node, headers: moved, noteHeader, launcher, libraries });
  if (front.length > nodeStart) throw new Error("the libraries do not fit in front of Node");
  const file = Buffer.alloc(Number(noteHeader.offset) + note.length);
  front.copy(file);
  node.copy(file, nodeStart, 0, nodeSize);
  setFuse(file.subarray(nodeStart, nodeStart + nodeSize));
  note.copy(file, Number(noteHeader.offset));
  return file;
}

function frontPart({ node, headers, noteHeader, launcher, libraries }) {
  const at = { libraries: [] };
  let size = places.launcher + launcher.length;
  for (const library of libraries) {
    size = (size + 15) & ~15;
    at.libraries.push(size);
    size += library.length;
  }
  const low = { offset: 0n, fileSize: BigInt(size), memorySize: BigInt(size) };
  const loads = headers.filter(({ kind }) => kind === type.load);
  const forKernel = [
    { kind: type.load, flags: 5, address: base, align: BigInt(alignment / 2), ...low },
    ...loads,
    noteHeader,
    headers.find(({ kind }) => kind === type.stack),
  ];
  const front = Buffer.alloc(size);
  node.copy(front, 0, 0, 64);
  front.writeBigUInt64LE(base + BigInt(places.launcher), 24); // the entry
  front.writeBigUInt64LE(64n, 32); // headers of segments
  front.writeBigUInt64LE(0n, 40); // of sections there are none
  front.writeUInt16LE(forKernel.length, 56);
  front.fill(0, 58, 64);
  writeHeaders(front, 64, forKernel, places.parcel);

  const forLinker = linkerHeaders(headers, noteHeader);
  writeHeaders(front, places.headers, forLinker, places.launcher);
  const { offset, fileSize } = headers.find(({ kind }) => kind === type.interpreter);
  const path = Number(offset) - alignment;
  node.copy(front, places.interpreter, path, path + Number(fileSize));
  const words = [
    base + BigInt(places.headers),
    BigInt(forLinker.length),
    node.readBigUInt64LE(24),
    base + BigInt(places.interpreter),
    ...libraries.flatMap((library, index) => [
      base + BigInt(at.libraries[index]),
      BigInt(library.length),
    ]),
  ];
  for (const [index, word] of words.entries()) {
    front.writeBigUInt64LE(word, places.parcel + 8 * index);
  }
  launcher.copy(front, places.launcher);
  for (const [index, library] of libraries.entries()) library.copy(front, at.libraries[index]);
  if (base + BigInt(size) > ceiling) throw new Error("the libraries reach into Node's addresses");
  return front;
}

/** Node's, with the place of this table itself and the note of the blob, which is mapped already. */
function linkerHeaders(headers, noteHeader) {
  const size = BigInt((headers.length + 2) * headerSize);
  const own = { fileSize: size, memorySize: size };
  const table = headers.map((header) =>
    header.kind === type.headers
      ? {
          ...header,
          ...own,
          offset: BigInt(places.headers),
          address: base + BigInt(places.headers),
        }
      : header,
  );
  const lastLoad = table.findLastIndex(({ kind }) => kind === type.load);
  const note = { ...noteHeader, kind: type.note, align: 4n };
  return [...table.slice(0, lastLoad + 1), noteHeader, ...table.slice(lastLoad + 1), note];
}

function programHeaders(elf) {
  if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2) throw new Error("not a 64-bit ELF file");
  if (elf.readUInt16LE(16) !== 2) throw new Error("Node is not at fixed addresses in this release");
  const start = Number(elf.readBigUInt64LE(32));
  return Array.from({ length: elf.readUInt16LE(56) }, (_, index) => {
    const at = start + index * headerSize;
    const word = (offset) => elf.readBigUInt64LE(at + offset);
    return {
      ...{ kind: elf.readUInt32LE(at), flags: elf.readUInt32LE(at + 4) },
      ...{ offset: word(8), address: word(16), fileSize: word(32) },
      ...{ memorySize: word(40), align: word(48) },
    };
  });
}

function writeHeaders(to, start, headers, end) {
  if (start + headers.length * headerSize > end) throw new Error("too many program headers");
  for (const [index, header] of headers.entries()) {
    const at = start + index * headerSize;
    to.writeUInt32LE(header.kind, at);
    to.writeUInt32LE(header.flags, at + 4);
    const { offset, address, fileSize, memorySize, align } = header;
    for (const [word, value] of [offset, address, address, fileSize, memorySize, align].entries()) {
      to.writeBigUInt64LE(value, at + 8 + 8 * word);
    }
  }
}

function noteHead(size) {
  const name = "NODE_SEA_BLOB\0";
  const head = Buffer.alloc(12 + ((name.length + 3) & ~3));
  head.writeUInt32LE(name.length, 0);
  head.writeUInt32LE(size, 4);
  head.write(name, 12, "latin1");
  return head;
}

function noteOf(blob) {
  return Buffer.concat([noteHead(blob.length), blob]);
}

/** Node looks for a blob only where this byte says that there is one. */
function setFuse(node) {
  const at = node.indexOf(`${fuse}0`, 0, "latin1");
  if (at < 0 || node.indexOf(`${fuse}0`, at + 1, "latin1") >= 0) {
    throw new Error("Node's mark for executables with a blob is not there once");
  }
  node.write("1", at + fuse.length, "latin1");
}

function up(size) {
  return Math.ceil(size / alignment) * alignment;
}
