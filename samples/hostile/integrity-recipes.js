// What is wrong with an archive as an archive, and with the dump in it.
import { appended, entries, extended, message, withEntries } from "./images.js";
import { member, pax, sign, tar } from "./parts.js";

const log = "io.kubernetes.cri-o.LogPath";
const image = (name) => `checkpoint/${name}.img`;

/** stats-dump with another count of written pages; all else as it is. */
function counted(parts, change) {
  const [stats] = entries(parts.content("stats-dump"));
  // Field 1 is the dump; field 7 in it the count, and the last of its kind wins.
  const dump = stats.subarray(2);
  const pages = dump[dump.indexOf(Buffer.from([0x38])) + 1];
  const changed = Buffer.concat([dump, message({ 7: pages + change })]);
  return withEntries(parts.content("stats-dump"), [message({ 1: changed })]);
}

export const integrity = [
  {
    rule: "integrity/truncated",
    what: "the copy ended in the middle of the last member",
    make: (parts) => parts.bytes().subarray(0, -1024 - 600),
  },
  {
    rule: "integrity/damaged",
    what: "one byte of the last header is another, so its checksum is wrong",
    make: (parts) => {
      parts.part(log).bytes[3] ^= 1;
    },
  },
  {
    rule: "integrity/after-end",
    what: "a member stands behind the end marker",
    make: (parts) => Buffer.concat([parts.bytes(), tar(member("config.dump", "{}"))]),
  },
  {
    rule: "integrity/end-marker",
    what: "one block of zeros stands before the last member",
    make: (parts) => {
      parts.part(log).bytes = Buffer.concat([Buffer.alloc(512), parts.part(log).bytes]);
    },
  },
  {
    rule: "integrity/duplicate",
    what: "spec.dump occurs twice",
    make: (parts) => parts.add(Buffer.from(parts.part("spec.dump").bytes)),
  },
  {
    rule: "integrity/size",
    what: "a PAX header and the tar header give a member two sizes",
    make: (parts) => {
      const { bytes, size } = parts.part(log);
      bytes.write("00000010000", 124, 11, "latin1");
      sign(bytes.subarray(0, 512));
      parts.part(log).bytes = Buffer.concat([pax("size", String(size)), bytes]);
    },
  },
  {
    rule: "integrity/unsafe-name",
    what: "a member is called ../../etc/cron.d/job",
    make: (parts) => parts.add(member("../../etc/cron.d/job", "* * * * * root id\n")),
  },
  {
    rule: "integrity/link",
    what: "a symbolic link to /etc/shadow stands among the images",
    make: (parts) => parts.add(member("checkpoint/notes", "", { type: "2", linkName: "/etc/shadow" })),
  },
  {
    rule: "integrity/device",
    what: "a block device stands among the images",
    make: (parts) => parts.add(member("checkpoint/disk", "", { type: "4" })),
  },
  {
    rule: "integrity/unknown-member",
    what: "a file that no runtime writes",
    make: (parts) => parts.add(member("payload.bin", "#!/bin/sh\nid\n", { mode: 0o755 })),
  },
  {
    rule: "integrity/missing-member",
    what: "bind.mounts was taken out",
    make: (parts) => parts.drop("bind.mounts"),
  },
  {
    rule: "integrity/metadata",
    what: "config.dump is cut in half",
    make: (parts) => parts.replace("config.dump", parts.content("config.dump").subarray(0, 200)),
  },
  {
    rule: "integrity/engine",
    what: "CRI-O's archive says that containerd's runtime made it",
    make: (parts) =>
      parts.edit("config.dump", (config) => {
        config.runtime = "io.containerd.runc.v2";
      }),
  },
  {
    rule: "integrity/file-name",
    what: "the file is called like the checkpoint of another pod",
    file: "checkpoint-payments-0_shop-payments-2026-11-21T21:20:14Z.tar",
    make: () => undefined,
  },
  {
    rule: "integrity/clock",
    what: "the container was created after its checkpoint",
    make: (parts) =>
      parts.edit("config.dump", (config) => {
        config.createdTime = "2026-11-22T03:00:00Z";
      }),
  },
  {
    rule: "integrity/missing-image",
    what: "mm-1.img was taken out: the memory layout of the first process",
    make: (parts) => parts.drop(image("mm-1")),
  },
  {
    rule: "integrity/image-type",
    what: "seccomp.img holds the image of the control groups",
    make: (parts) => parts.replace(image("seccomp"), parts.content(image("cgroup"))),
  },
  {
    rule: "integrity/broken-image",
    what: "ipcns-var-10.img is cut short",
    make: (parts) =>
      parts.replace(image("ipcns-var-10"), parts.content(image("ipcns-var-10")).subarray(0, 60)),
  },
  {
    rule: "integrity/process-tree",
    what: "pstree.img has process 1 twice",
    make: (parts) => {
      const tree = parts.content(image("pstree"));
      const [first, ...others] = entries(tree);
      parts.replace(image("pstree"), withEntries(tree, [first, ...others, first]));
    },
  },
  {
    rule: "integrity/contradiction",
    what: "files.img has its first file twice",
    make: (parts) => {
      const files = entries(parts.content(image("files")));
      parts.replace(image("files"), withEntries(parts.content(image("files")), [...files, files[0]]));
    },
  },
  {
    rule: "integrity/mappings",
    what: "mm-1.img has a second, executable mapping over its stack",
    make: (parts) => {
      // From 16 to 32 MiB, and one inside it.
      const vma = (start, end) =>
        message({ 1: start, 2: end, 3: 0, 4: 0, 5: 7, 6: 0x22, 7: 0x201, 8: 1 });
      const first = extended(parts.content(image("mm-1")), { 14: vma(0x10000, 0x30000) });
      parts.replace(image("mm-1"), extended(first, { 14: vma(0x20000, 0x21000) }));
    },
  },
  {
    rule: "integrity/page-sizes",
    what: "100 bytes stand behind the last page of pages-1.img",
    make: (parts) => {
      const stash = Buffer.alloc(100, "hidden ");
      parts.replace(image("pages-1"), Buffer.concat([parts.content(image("pages-1")), stash]));
    },
  },
  {
    rule: "integrity/page-owners",
    what: "a page image that no table names",
    make: (parts) => parts.add(member(image("pages-77"), Buffer.alloc(4096, "hidden "))),
  },
  {
    rule: "integrity/unmapped-pages",
    what: "a page was dumped of an address where nothing is mapped, and counted",
    make: (parts) => {
      const run = { 1: 0x7fffffffd000n, 2: 0, 4: 4, 5: 1 };
      const page = Buffer.alloc(4096, "hidden ");
      parts.replace(image("pagemap-1"), appended(parts.content(image("pagemap-1")), run));
      parts.replace(image("pages-1"), Buffer.concat([parts.content(image("pages-1")), page]));
      parts.replace("stats-dump", counted(parts, 1));
    },
  },
  {
    rule: "integrity/statistics",
    what: "stats-dump counts three pages more than there are",
    make: (parts) => parts.replace("stats-dump", counted(parts, 3)),
  },
  {
    rule: "integrity/nested-archive",
    what: "rootfs-diff.tar is cut in half",
    make: (parts) =>
      parts.replace("rootfs-diff.tar", parts.content("rootfs-diff.tar").subarray(0, 1100)),
  },
  {
    rule: "integrity/unlisted-problems",
    what: "files.img has its first file 1,200 times: noise that hides what else is wrong",
    also: ["integrity/contradiction"],
    make: (parts) => {
      const files = entries(parts.content(image("files")));
      const noise = new Array(1200).fill(files[0]);
      parts.replace(image("files"), withEntries(parts.content(image("files")), [...files, ...noise]));
    },
  },
];
