import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import tarStream from "tar-stream";
import { describe, expect, test } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { canonicalName, type TarMember } from "../../src/archive/member.ts";
import { PlainReader } from "../../src/archive/plain-reader.ts";
import { retainSmall } from "../../src/archive/retained.ts";
import { StreamedReader } from "../../src/archive/streamed-reader.ts";
import { indexTar, indexTarStream } from "../../src/archive/tar-index.ts";
import { scratch } from "../support/samples.ts";
import { inChunks, readAll } from "../support/sources.ts";
import {
  endMarker,
  gnuMagic,
  gnuSparse,
  header,
  longName,
  member,
  tar,
  zeroBlock,
} from "../support/tar-builder.ts";

const settings = { seed: 20261122, numRuns: 60 };

interface Packed {
  name: string;
  type: "file" | "directory" | "symlink" | "link";
  body: Uint8Array;
  linkname: string;
  mode: number;
  uid: number;
  mtime: number;
}

const word = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .map((text) => text.replace(/[/\0\n]|^\.+$/gu, "x"));
const path = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join("/"));
const packed: fc.Arbitrary<Packed> = fc.record({
  name: path,
  type: fc.constantFrom("file", "file", "file", "directory", "symlink", "link"),
  body: fc.uint8Array({ maxLength: 1500 }),
  linkname: path,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.integer({ min: 0, max: 0o777777 }),
  mtime: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});

async function pack(entries: readonly Packed[]): Promise<Uint8Array> {
  const packing = tarStream.pack();
  for (const { name, type, body, linkname, mode, uid, mtime } of entries) {
    const header = { name, type, mode, uid, mtime: new Date(mtime * 1000) };
    const link = type === "symlink" || type === "link" ? { linkname } : {};
    packing.entry({ ...header, ...link }, type === "file" ? Buffer.from(body) : "");
  }
  packing.finalize();
  return readAll(packing as unknown as AsyncIterable<Uint8Array>);
}

interface Seen {
  name: string;
  type: string;
  mode: number;
  uid: number;
  mtime: number;
  link: string | null;
  body: string;
}

/** What tar-stream says, by itself. */
async function seenByTarStream(bytes: Uint8Array): Promise<Seen[]> {
  const extract = tarStream.extract();
  extract.end(Buffer.from(bytes));
  const seen: Seen[] = [];
  for await (const entry of extract) {
    const { name, type, mode, uid, mtime, linkname } = entry.header;
    seen.push({
      name,
      type: type === "link" ? "hardlink" : (type as string),
      mode: mode as number,
      uid: uid as number,
      mtime: mtime?.getTime() as number,
      link: linkname ?? null,
      body: Buffer.from(await readAll(entry as unknown as AsyncIterable<Uint8Array>)).toString(
        "hex",
      ),
    });
  }
  return seen;
}

async function seenByUs(bytes: Uint8Array): Promise<Seen[]> {
  const source = new BufferSource(bytes);
  const { members, problems } = await indexTar(source);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  const reader = new PlainReader(source);
  return Promise.all(
    members.map(async (found) => ({
      name: found.name,
      type: found.type,
      mode: found.mode,
      uid: found.uid,
      mtime: found.mtime,
      link: found.linkName ?? null,
      body: Buffer.from(await readAll(reader.open(found).stream())).toString("hex"),
    })),
  );
}

describe("the seeking index", () => {
  test("says what tar-stream says of what tar-stream packs", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(packed, { minLength: 1, maxLength: 12 }), async (entries) => {
        const bytes = await pack(entries);
        expect(await seenByUs(bytes)).toEqual(await seenByTarStream(bytes));
      }),
      settings,
    );
  });

  test("takes a number in each of its spellings", async () => {
    const size = (field: string | Uint8Array) =>
      Buffer.concat([member({ name: "a", size: field }), Buffer.alloc(512), endMarker]);
    const binary = Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
    for (const field of ["00000000011\0", "11 ", "         11 ", "11", binary]) {
      const { members } = await indexTar(new BufferSource(size(field)));
      expect(members.map((found) => found.size)).toEqual([9]);
    }
  });

  test("lets PAX records win over GNU names, and those over the header", async () => {
    const bytes = tar([
      longName("long"),
      { name: "short" },
      longName("long"),
      { name: "short", pax: [["path", "päx"]] },
      longName("target", "K"),
      { name: "link", type: "2", linkName: "t" },
      { name: "tail", prefix: "head" },
      { name: "tail", prefix: "head", magic: gnuMagic },
    ]);
    const { members } = await indexTar(new BufferSource(bytes));
    expect(members.map(({ name }) => name)).toEqual(["long", "päx", "link", "head/tail", "tail"]);
    expect(members[2]?.linkName).toBe("target");
  });
});

const gnuTar = spawnSync("tar", ["--version"]).stdout?.toString().includes("GNU tar") === true;

describe.skipIf(!gnuTar)("what GNU tar writes", () => {
  const long = Array.from({ length: 12 }, (_, at) => `folder-number-${at}-of-many`).join("/");
  const files: Record<string, string> = {
    plain: "plain content",
    empty: "",
    [`${long}/deep file`]: "deep",
    ["n".repeat(180)]: "a long name",
    "ünïcödé 漢字 🧊": "unicode",
    "new\nline": "a name of two lines",
  };

  function tree(): string {
    const root = scratch();
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), content);
    }
    linkSync(join(root, "plain"), join(root, "same"));
    symlinkSync(`${long}/deep file`, join(root, "pointer"));
    const fd = openSync(join(root, "holes"), "w");
    // More than the four segments that fit an old GNU header, and more than the next block takes.
    for (let at = 0; at < 30; at++) writeSync(fd, `segment ${at}`, at * 65_536);
    closeSync(fd);
    truncateSync(join(root, "holes"), 8 * 1024 * 1024);
    return root;
  }

  const forms = [
    ["--format=gnu"],
    ["--format=posix"],
    ["--format=gnu", "--sparse"],
    ["--format=posix", "--sparse", "--sparse-version=0.0"],
    ["--format=posix", "--sparse", "--sparse-version=0.1"],
    ["--format=posix", "--sparse", "--sparse-version=1.0"],
    ["--format=gnu", "--blocking-factor=1"],
  ];
  test.each(forms)("%s %s %s", async (...flags) => {
    const root = tree();
    const archive = join(scratch(), "a.tar");
    execFileSync("tar", [...flags, "-cf", archive, "-C", root, "."]);
    const source = new BufferSource(readFileSync(archive));
    const { members, problems } = await indexTar(source);
    expect(problems).toEqual([]);
    const reader = new PlainReader(source);
    const byName = new Map(members.map((found) => [canonicalName(found.name), found]));
    for (const name of [...Object.keys(files), "holes"]) {
      const found = byName.get(name);
      // Of two names of one file, tar writes the second as a link.
      if (found === undefined || found.type === "hardlink") {
        expect(name).toBe("plain");
        continue;
      }
      const original = readFileSync(join(root, name));
      expect(found).toMatchObject({ type: "file", size: original.length });
      expect(found.mtime).toBeCloseTo(statSync(join(root, name)).mtimeMs, -4);
      const content = await readAll(reader.open(found).stream());
      expect(original.equals(content), name).toBe(true);
    }
    expect(byName.get("pointer")).toMatchObject({ type: "symlink", linkName: `${long}/deep file` });
    if (flags.includes("--sparse")) {
      expect(byName.get("holes")?.storedSize).toBeLessThan(1024 * 1024);
    }
  });
});

function facts({ available: _, ...found }: TarMember): object {
  return found;
}

describe("the streaming index", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 });

  test("says what the seeking one says, however the bytes arrive", async () => {
    const archives = fc.array(packed, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(archives, lengths, async (entries, chunks) => {
        const bytes = await pack(entries);
        const seeking = await indexTar(new BufferSource(bytes));
        const streaming = await indexTarStream(inChunks(bytes, chunks), { retain: retainSmall });
        expect(streaming.members.map(facts)).toEqual(seeking.members.map(facts));
        expect(streaming.problems).toEqual(seeking.problems);
      }),
      settings,
    );
  });

  test("takes one byte at a time", async () => {
    const bytes = tar([
      { name: "a", body: "x".repeat(700) },
      { name: "b", pax: [["path", "bé"]] },
      longName("c".repeat(200)),
      { name: "c", body: "last" },
    ]);
    const { members, problems, store } = await indexTarStream(inChunks(bytes, [1]), {
      retain: retainSmall,
    });
    expect(problems).toEqual([]);
    expect(members.map(facts)).toEqual(
      (await indexTar(new BufferSource(bytes))).members.map(facts),
    );
    const reader = new StreamedReader(store, undefined, async () => {});
    const content = await readAll(reader.open(members[2] as TarMember).stream());
    expect(Buffer.from(content).toString()).toBe("last");
  });

  const ends: [string, Buffer][] = [
    ["a whole end marker", endMarker],
    ["one block", zeroBlock],
    ["none", Buffer.alloc(0)],
    ["a member behind it", Buffer.concat([endMarker, member({ name: "hidden" }), endMarker])],
    ["a lone block", Buffer.concat([zeroBlock, member({ name: "late" }), endMarker])],
  ];
  test.each(ends)("judges an end of %s as the seeking one does", async (_name, end) => {
    const bytes = tar([{ name: "a", body: "x".repeat(700) }, { name: "b" }], end);
    const seeking = await indexTar(new BufferSource(bytes));
    for (const chunks of [[1], [512], [513], [100_000]]) {
      const streaming = await indexTarStream(inChunks(bytes, chunks), { retain: retainSmall });
      expect(streaming.members.map(facts)).toEqual(seeking.members.map(facts));
      expect(streaming.problems).toEqual(seeking.problems);
    }
  });

  const bodies: [string, string, string, string, number][] = [
    ["a link with a size, which has no body", "2", "a", "symlink", 0],
    ["a device with a size, which has no body", "3", "a", "character-device", 0],
    ["a folder with a size, which has no body", "5", "a/", "directory", 0],
    ["a slash and no type, as old archives have folders", "\0", "a/", "directory", 0],
    ["a slash and a body, which Go takes for a file", "0", "a/", "file", 512],
    ["a type that nobody knows, which has its body", "Z", "a", "unknown", 512],
  ];
  test.each(bodies)("takes %s", async (_name, type, name, expected, storedSize) => {
    // What follows the header is a body for who believes the size, and a member for who does not.
    const inner = header({ name: "inner" });
    const bytes = tar([header({ name, type, size: 512 }), inner, { name: "last" }]);
    const seeking = await indexTar(new BufferSource(bytes));
    const streaming = await indexTarStream(inChunks(bytes, [700]), { retain: retainSmall });
    const names = storedSize === 0 ? [name, "inner", "last"] : [name, "last"];
    expect(seeking.members.map((found) => found.name)).toEqual(names);
    expect(seeking.members[0]).toMatchObject({ type: expected, storedSize });
    expect(streaming.members.map(facts)).toEqual(seeking.members.map(facts));
    expect(streaming.problems).toEqual(seeking.problems);
  });

  test("reads sparse members in GNU's old form", async () => {
    const entry = gnuSparse({ name: "holes", body: "x".repeat(512) }, [[4096, 512]], 8192);
    const bytes = tar([entry, { name: "last" }]);
    const { members, store } = await indexTarStream(inChunks(bytes, [300]), {
      retain: retainSmall,
    });
    const reader = new StreamedReader(store, undefined, async () => {});
    const content = await readAll(reader.open(members[0] as TarMember).stream());
    expect(content.length).toBe(8192);
    expect(content.indexOf(120)).toBe(4096);
    expect(members[1]?.name).toBe("last");
  });

  test("takes a megabyte of PAX records", async () => {
    const records = Array.from({ length: 200_000 }, (): [string, string] => ["", ""]);
    const bytes = tar([{ name: "a", pax: records }]);
    const { members, problems } = await indexTar(new BufferSource(bytes));
    expect(problems).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["a"]);
  });

  test("cut anywhere, keeps the members before the cut and says that it was cut", async () => {
    const entries = ["a", "b", "c"].map((name) => ({ name, body: name.repeat(600) }));
    const bytes = tar(entries);
    const whole = await indexTar(new BufferSource(bytes));
    for (let length = 512; length < bytes.length - 1024; length += 37) {
      const cut = bytes.subarray(0, length);
      const streaming = await indexTarStream(inChunks(cut, [1000]), { retain: retainSmall });
      const seeking = await indexTar(new BufferSource(cut));
      const before = whole.members.filter((found) => found.dataOffset <= length);
      for (const index of [streaming, seeking]) {
        expect(index.members.map(facts)).toEqual(before.map(facts));
        expect(index.problems.some(({ severity }) => severity === "error")).toBe(true);
      }
    }
  });
});
