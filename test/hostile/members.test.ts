import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Extractor } from "../../src/archive/extract.ts";
import type { TarMember } from "../../src/archive/member.ts";
import { openArchive } from "../../src/archive/open-archive.ts";
import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { hostileCases, owner } from "../support/hostile.ts";
import { run } from "../support/run.ts";
import { scratch } from "../support/samples.ts";
import { type Entry, endMarker, member, privateFile, zeroBlock } from "../support/tar-builder.ts";

const whole = ["cri-o", "lab-node", "counter", "pages-1.img"];

async function after(...tail: readonly Buffer[]): Promise<Buffer> {
  return Buffer.concat([(await CheckpointBuilder.from()).bytes(Buffer.alloc(0)), ...tail]);
}

const hidden = member({ name: "config.dump", body: '{"id": "hidden-one"}' });
const second = JSON.stringify({ id: "the-last-one", name: "k8s_a_b_c_d_0" });

hostileCases("the end marker", [
  {
    name: "a member behind it",
    path: async () => privateFile(await after(endMarker, hidden, endMarker)),
    code: 3,
    says: [
      "something follows the end marker: tar and the runtimes do not see it",
      'found a member named "config.dump"',
    ],
    shows: whole,
    hides: ["hidden-one"],
  },
  {
    name: "a member behind it, compressed",
    path: async () => privateFile(gzipSync(await after(endMarker, hidden, endMarker))),
    code: 3,
    says: [
      "something follows the end marker: tar and the runtimes do not see it",
      'found a member named "config.dump"',
    ],
    shows: whole,
    hides: ["hidden-one"],
  },
  {
    name: "a member far behind it",
    path: async () => {
      const padding = Buffer.alloc(20 * 512);
      return privateFile(await after(endMarker, padding, hidden, endMarker));
    },
    code: 3,
    says: ["something follows the end marker", 'found a member named "config.dump"'],
    shows: whole,
  },
  {
    name: "garbage behind it",
    path: async () => privateFile(await after(endMarker, Buffer.alloc(512, "garbage"))),
    code: 3,
    says: ["something follows the end marker", "found bytes that are no header"],
    shows: whole,
  },
  {
    name: "garbage behind it, compressed",
    path: async () => privateFile(gzipSync(await after(endMarker, Buffer.alloc(512, "garbage")))),
    code: 3,
    says: ["something follows the end marker", "found bytes that are no header"],
    shows: whole,
  },
  {
    name: "a megabyte of zeros behind it",
    path: async () => privateFile(await after(Buffer.alloc(1024 * 1024))),
    code: 0,
    says: ["bytes behind the end marker were not read"],
    shows: whole,
  },
  {
    name: "a lone block of zeros between members",
    path: async () => privateFile(await after(zeroBlock, member({ name: "late" }), endMarker)),
    code: 0,
    says: ["a single block of zeros stands between members; other tools may stop there"],
    shows: whole,
  },
  {
    name: "a lone block of zeros between members, compressed",
    path: async () =>
      privateFile(gzipSync(await after(zeroBlock, member({ name: "late" }), endMarker))),
    code: 0,
    says: ["a single block of zeros stands between members; other tools may stop there"],
    shows: whole,
  },
]);

/** A checkpoint with one more member. */
function withMember(entry: Entry): () => Promise<string> {
  return async () => (await CheckpointBuilder.from()).add("", entry).write();
}

hostileCases("members that are there twice", [
  {
    name: "config.dump, of which the last counts",
    path: async () => (await CheckpointBuilder.from()).add("config.dump", second).write(),
    code: 0,
    says: ["config.dump occurs 2 times; the last one counts, as when tar unpacks it"],
    shows: ["the-last-one"],
  },
  {
    name: "config.dump, compressed",
    path: async () =>
      privateFile(gzipSync((await CheckpointBuilder.from()).add("config.dump", second).bytes())),
    code: 0,
    says: ["config.dump occurs 2 times; the last one counts"],
    shows: ["the-last-one"],
  },
  {
    name: "config.dump under another spelling",
    path: async () => (await CheckpointBuilder.from()).add(".//config.dump", second).write(),
    code: 0,
    says: [".//config.dump occurs 2 times; the last one counts"],
    shows: ["the-last-one"],
  },
  {
    name: "a page image, of which the last is too short",
    path: async () =>
      (await CheckpointBuilder.from()).add("checkpoint/pages-1.img", "x".repeat(4096)).write(),
    code: 3,
    says: [
      "checkpoint/pages-1.img occurs 2 times",
      "describes 73,728 bytes in pages-1.img, which holds 4,096",
    ],
    shows: ["counter"],
  },
]);

hostileCases("names", [
  {
    name: "that climb with ..",
    path: withMember({ name: "../../outside", body: "x" }),
    code: 0,
    says: ["climbs out of the archive with ..; it is never unpacked", "../../outside"],
    shows: whole,
  },
  {
    name: "that climb in the middle",
    path: withMember({ name: "checkpoint/../../outside", body: "x" }),
    code: 0,
    says: ["climbs out of the archive with .."],
    shows: whole,
  },
  {
    name: "that are absolute",
    path: withMember({ name: "/etc/outside", body: "x" }),
    code: 0,
    says: ["has an absolute name; it is never unpacked"],
    shows: whole,
  },
  {
    name: "that are empty",
    path: withMember({ name: "", body: "x" }),
    code: 0,
    says: ["has an empty name; it is never unpacked"],
    shows: whole,
  },
  {
    name: "with a NUL byte",
    path: withMember({ name: "x", body: "x", pax: [["path", "config.dump\0.txt"]] }),
    code: 0,
    says: ["has a name with a NUL byte; it is never unpacked", "config.dump\\0.txt"],
    shows: whole,
  },
  {
    name: "that are not UTF-8",
    path: withMember({ name: Buffer.from([0x66, 0xff, 0xfe, 0x66]), body: "x" }),
    code: 0,
    says: ["has a name that is not UTF-8"],
    shows: whole,
  },
  {
    name: "of a type that no standard knows",
    path: withMember({ name: "odd", type: "Z", body: "x" }),
    code: 0,
    says: ["has a type that no tar standard names"],
    shows: whole,
  },
  {
    name: "of devices",
    path: withMember({ name: "dev/mem", type: "3" }),
    code: 0,
    says: ["is a character device; it is never unpacked", "dev/mem"],
    shows: whole,
  },
  {
    name: "of block devices",
    path: withMember({ name: "dev/sda", type: "4" }),
    code: 0,
    says: ["is a block device; it is never unpacked"],
    shows: whole,
  },
]);

/** Puts something else than a file where a file belongs. */
function replaced(name: string, entry: Entry): () => Promise<string> {
  return async () => (await CheckpointBuilder.from()).replace(name, entry).write();
}

hostileCases("links and devices where files belong", [
  {
    name: "a symbolic link out of the archive",
    path: withMember({ name: "leak", type: "2", linkName: "../../etc/shadow" }),
    code: 0,
    says: ["links to ../../etc/shadow, outside the archive"],
    shows: whole,
  },
  {
    name: "an absolute symbolic link",
    path: withMember({ name: "leak", type: "2", linkName: "/etc/shadow" }),
    code: 0,
    says: ["links to /etc/shadow, outside the archive"],
    shows: whole,
  },
  {
    name: "a hard link out of the archive",
    path: withMember({ name: "leak", type: "1", linkName: "../etc/shadow" }),
    code: 0,
    says: ["links to ../etc/shadow, outside the archive"],
    shows: whole,
  },
  {
    name: "config.dump as a symbolic link",
    path: replaced("config.dump", { type: "2", linkName: "/etc/hostname" }),
    code: 3,
    says: ["config.dump is no regular file", "links to /etc/hostname, outside the archive"],
    shows: ["cri-o", "pages-1.img"],
  },
  {
    name: "config.dump as a folder",
    path: replaced("config.dump", { name: "config.dump/", type: "5" }),
    code: 3,
    says: ["config.dump is no regular file"],
    shows: ["cri-o", "pages-1.img"],
  },
  {
    name: "config.dump as a device",
    path: replaced("config.dump", { type: "3" }),
    code: 3,
    says: ["config.dump is no regular file"],
    shows: ["cri-o", "pages-1.img"],
  },
  {
    name: "pstree.img as a symbolic link",
    path: replaced("checkpoint/pstree.img", { type: "2", linkName: "core-1.img" }),
    code: 3,
    says: ["there is no pstree.img, so no process can be shown"],
    shows: ["cri-o", "lab-node"],
  },
  {
    name: "pstree.img as a folder",
    path: replaced("checkpoint/pstree.img", { name: "checkpoint/pstree.img/", type: "5" }),
    code: 3,
    says: ["there is no pstree.img, so no process can be shown"],
    shows: ["cri-o", "lab-node"],
  },
  {
    name: "pstree.img as a device",
    path: replaced("checkpoint/pstree.img", { type: "4" }),
    code: 3,
    says: ["there is no pstree.img, so no process can be shown", "is a block device"],
    shows: ["cri-o", "lab-node"],
  },
  {
    name: "a core image as a hard link to nothing",
    path: replaced("checkpoint/core-1.img", { type: "1", linkName: "checkpoint/gone.img" }),
    code: 3,
    says: ["checkpoint/core-1.img links to checkpoint/gone.img, which is not in the archive"],
    shows: ["cri-o", "lab-node", "sleep"],
  },
  {
    name: "a core image as a hard link to itself",
    path: replaced("checkpoint/core-1.img", { type: "1", linkName: "checkpoint/core-1.img" }),
    code: 3,
    says: ["checkpoint/core-1.img links to checkpoint/core-1.img", "and so on in a circle"],
    shows: ["cri-o", "lab-node", "sleep"],
  },
  {
    name: "a circle of hard links",
    path: async () =>
      (await CheckpointBuilder.from())
        .replace("checkpoint/core-1.img", { type: "1", linkName: "a" })
        .add("a", { type: "1", linkName: "b" })
        .add("b", { type: "1", linkName: "a" })
        .write(),
    code: 3,
    says: ["a links to b", "and so on in a circle"],
    shows: ["cri-o", "lab-node", "sleep"],
  },
  {
    name: "a core image as a hard link to a folder",
    path: replaced("checkpoint/core-1.img", { type: "1", linkName: "checkpoint" }),
    code: 3,
    says: ["there is no core-1.img, which its process needs"],
    shows: ["cri-o", "lab-node", "sleep"],
  },
]);

test("a core image as a hard link to its content is read through the link", async () => {
  const builder = await CheckpointBuilder.from();
  const body = builder.content("checkpoint/core-1.img");
  const path = builder
    .replace("checkpoint/core-1.img", { type: "1", linkName: "./elsewhere" })
    .add("elsewhere", { body })
    .write();
  const { out } = await run(["inspect", ...owner, "-o", "json", path]);
  const { processes } = JSON.parse(out) as { processes: { pid: number; comm: string }[] };
  expect(processes.find(({ pid }) => pid === 1)?.comm).toBe("counter");
});

describe("extract refuses, and writes nothing outside", () => {
  const refusals: [string, Entry, string][] = [
    ["a name with ..", { name: "../outside", body: "x" }, "climbs out of the folder with .."],
    ["a name with .. inside", { name: "a/../../outside", body: "x" }, "climbs out"],
    ["an absolute name", { name: "/tmp/cryoscope-outside", body: "x" }, "its name is absolute"],
    ["a NUL byte", { name: "x", pax: [["path", "a\0b"]], body: "x" }, "holds a NUL byte"],
    ["a device", { name: "mem", type: "3" }, "a character device is never made"],
    ["a block device", { name: "sda", type: "4" }, "a block device is never made"],
    ["a named pipe", { name: "pipe", type: "6" }, "a fifo is never made"],
    ["an unknown type", { name: "odd", type: "Z" }, "its type is unknown, so it is never made"],
    [
      "a symbolic link out of the tree",
      { name: "leak", type: "2", linkName: "../../etc/shadow" },
      "links to ../../etc/shadow, outside the folder",
    ],
    [
      "an absolute symbolic link",
      { name: "leak", type: "2", linkName: "/etc/shadow" },
      "links to /etc/shadow, outside the folder",
    ],
    [
      "a hard link out of the tree",
      { name: "leak", type: "1", linkName: "/etc/shadow" },
      "links to /etc/shadow, outside the archive",
    ],
  ];
  test.each(refusals)("%s", async (_name, entry, reason) => {
    const path = privateFile(Buffer.concat([member(entry), member({ name: "good" }), endMarker]));
    const around = scratch();
    const target = join(around, "out");
    mkdirSync(target);
    const name = entry.pax?.[0]?.[1] ?? (entry.name as string);
    const argv = ["extract", ...owner, "--links", "keep", "-C", target, path, name, "good"];
    const ran = await run(argv);
    expect(ran.out).toContain(reason);
    expect(ran.code).toBe(4);
    expect(readdirSync(around)).toEqual(["out"]);
    expect(readdirSync(target)).toEqual(["good"]);
    expect(existsSync("/tmp/cryoscope-outside")).toBe(false);
  });

  test("an empty name", async () => {
    const path = privateFile(Buffer.concat([member({ name: "", body: "x" }), endMarker]));
    const archive = await openArchive(path, { permissions: "owner" });
    const target = scratch();
    const nameless = archive.members[0] as TarMember;
    const extracted = await new Extractor(target).extract(archive, nameless);
    expect(extracted).toMatchObject({ status: "refused", reason: "its name is empty" });
    expect(readdirSync(target)).toEqual([]);
    await archive.close();
  });

  test("a symbolic link of the archive that a later member goes through", async () => {
    const around = scratch();
    const target = join(around, "out");
    mkdirSync(target);
    mkdirSync(join(around, "beside"));
    const path = privateFile(
      Buffer.concat([
        member({ name: "d", type: "2", linkName: "sub" }),
        member({ name: "d/file", body: "x" }),
        endMarker,
      ]),
    );
    const ran = await run(["extract", ...owner, "--links", "keep", "-C", target, path, "**"]);
    expect(ran.code).toBe(4);
    expect(ran.out).toContain("is a link or no folder, and nothing is written through it");
    expect(readdirSync(target)).toEqual(["d"]);
  });

  test("a symbolic link that stood in the target before", async () => {
    const around = scratch();
    const target = join(around, "out");
    const beside = join(around, "beside");
    mkdirSync(target);
    mkdirSync(beside);
    symlinkSync(beside, join(target, "checkpoint"));
    const path = (await CheckpointBuilder.from()).write();
    const ran = await run(["extract", ...owner, "-C", target, path, "checkpoint/core-1.img"]);
    expect(ran.code).toBe(4);
    expect(ran.out).toContain("nothing is written through it");
    expect(readdirSync(beside)).toEqual([]);
  });
});
