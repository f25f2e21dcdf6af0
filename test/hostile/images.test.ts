import { CheckpointBuilder } from "../support/checkpoint-builder.ts";
import { entry, image, magic, u32 } from "../support/criu-encoder.ts";
import { type HostileCase, hostileCases } from "../support/hostile.ts";
import { bytes, gnuSparse, sparseFile } from "../support/tar-builder.ts";

/** The sample's own pages: 18 of process 1, 16 of process 14. */
const around = ["cri-o", "lab-node", "counter"];

function replaced(
  name: string,
  target: string,
  content: Uint8Array,
  says: readonly string[],
  shows: readonly string[] = around,
): HostileCase {
  return {
    name,
    path: async () =>
      (await CheckpointBuilder.from()).replace(`checkpoint/${target}`, content).write(),
    code: 3,
    says: says.some((text) => text.includes(".img")) ? says : [...says, `checkpoint/${target}`],
    shows,
  };
}

/** A page table of process 1, whose runs are `[address, pages]`. */
function pageMap(pagesId: number, ...runs: readonly [bigint, bigint][]): Buffer {
  const entries = runs.map(([vaddr, pages]) =>
    entry("pagemap_entry", { vaddr, compat_nr_pages: 0, flags: 4, nr_pages: pages }),
  );
  return image("PAGEMAP", entry("pagemap_head", { pages_id: pagesId }), ...entries);
}

hostileCases("magic and length of images", [
  replaced("no magic that we know", "core-1.img", bytes("ELF and some more"), [
    "this is no CRIU image that we know",
    "0x20464c45",
  ]),
  replaced("a magic that was cut", "core-1.img", bytes("abc"), [
    "this is no CRIU image that we know",
    "found 3 bytes",
  ]),
  replaced("an image of no bytes", "core-1.img", bytes(""), [
    "this is no CRIU image that we know",
    "found 0 bytes",
  ]),
  replaced("the common magic and nothing behind it", "core-1.img", magic("CORE").subarray(0, 4), [
    "this is no CRIU image that we know",
    "found a cut magic",
  ]),
  replaced("an image of another type than its name says", "core-1.img", image("MM"), [
    "an image is of another type than its name says",
    "found MM",
  ]),
  replaced("a page table of another type", "pagemap-1.img", image("CORE"), [
    "an image is of another type than its name says",
    "found CORE; allowed PAGEMAP",
  ]),
  {
    name: "another type than the name says, of an image that no summary reads",
    path: async () =>
      (await CheckpointBuilder.from()).replace("checkpoint/seccomp.img", image("UTSNS")).write(),
    command: ["images"],
    code: 3,
    says: ["checkpoint/seccomp.img is named as SECCOMP and holds UTSNS"],
    shows: ["checkpoint/pages-1.img"],
  },
  replaced("an entry of 2^31 bytes", "core-1.img", image("CORE", u32(2 ** 31), bytes("x")), [
    "an entry announces more bytes than there are",
    "found 2,147,483,648 bytes; allowed 1 bytes",
    "entry 0",
  ]),
  replaced("an entry of 2^32 - 1 bytes", "core-1.img", image("CORE", u32(2 ** 32 - 1)), [
    "an entry announces more bytes than there are",
    "found 4,294,967,295 bytes",
  ]),
  replaced("an entry whose length was cut", "core-1.img", image("CORE", bytes("ab")), [
    "the image ends in the length of an entry",
    "found 2 bytes left; allowed 4 bytes",
  ]),
  replaced("an entry that is no protobuf", "core-1.img", image("CORE", u32(4), bytes("\xff\xff")), [
    "a core_entry is no valid protobuf message",
  ]),
  replaced("an entry that lacks what CRIU always writes", "mm-1.img", image("MM", u32(0)), [
    "a mm_entry lacks its field mm_start_code",
  ]),
  {
    name: "an entry of 200 MB",
    path: async () => {
      const builder = await CheckpointBuilder.from();
      builder.drop("checkpoint/core-1.img");
      const size = 200 * 1024 * 1024;
      const head = image("CORE", u32(size));
      const sparse = gnuSparse(
        { name: "checkpoint/core-1.img", body: head },
        [[0, head.length]],
        size + head.length,
      );
      return builder.add("", sparse).write();
    },
    code: 3,
    says: ["an entry announces more bytes than there are", "allowed 67,108,864 bytes"],
    shows: around,
  },
  {
    name: "an image of 2^50 bytes of empty entries",
    path: async () => {
      const builder = await CheckpointBuilder.from();
      const head = image("FILES");
      const hole = gnuSparse({ body: head }, [[0, head.length]], 2 ** 50);
      return builder.replace("checkpoint/files.img", hole).write();
    },
    command: ["images"],
    code: 3,
    says: ["an image has more empty entries than any real one"],
    shows: ["checkpoint/pages-1.img"],
  },
]);

hostileCases("memory", [
  replaced(
    "a page table that points past its pages",
    "pagemap-1.img",
    pageMap(1, [0x400000n, 500n]),
    ["pagemap-1.img describes 2,048,000 bytes in pages-1.img, which holds 73,728"].concat(
      "checkpoint/pages-1.img",
    ),
  ),
  replaced("a page table of 2^52 pages", "pagemap-1.img", pageMap(1, [0n, 2n ** 52n]), [
    "in pages-1.img, which holds 73,728",
  ]),
  replaced("a run of 2^63 pages", "pagemap-1.img", pageMap(1, [0n, 2n ** 63n]), [
    "a run of a page table has no usable length",
    "found 9223372036854775808 pages",
  ]),
  replaced("a run beyond the address space", "pagemap-1.img", pageMap(1, [2n ** 64n - 4096n, 2n]), [
    "runs of a page table overlap or are out of order",
    "run at 0xfffffffffffff000 of 2 pages",
  ]),
  replaced("runs that overlap", "pagemap-1.img", pageMap(1, [0x400000n, 4n], [0x402000n, 4n]), [
    "runs of a page table overlap or are out of order",
    "run at 0x402000 of 4 pages",
    "entry 2",
  ]),
  replaced("runs out of order", "pagemap-1.img", pageMap(1, [0x400000n, 1n], [0x100000n, 1n]), [
    "runs of a page table overlap or are out of order",
    "run at 0x100000 of 1 pages",
  ]),
  replaced("a run of no pages", "pagemap-1.img", pageMap(1, [0x400000n, 0n]), [
    "a run of a page table has no usable length",
    "found 0 pages",
  ]),
  replaced("a page table without a head", "pagemap-1.img", image("PAGEMAP"), [
    "a page table is empty",
  ]),
  {
    name: "two page tables that name the same pages",
    path: async () =>
      (await CheckpointBuilder.from())
        .replace("checkpoint/pagemap-14.img", pageMap(1, [0x400000n, 18n]))
        .write(),
    code: 3,
    says: ["pagemap-14.img and pagemap-1.img both name pages-1.img; the first counts"],
    shows: [...around, "pages-2.img"],
  },
  {
    name: "a page image that is missing",
    path: async () => (await CheckpointBuilder.from()).drop("checkpoint/pages-1.img").write(),
    code: 3,
    says: ["pagemap-1.img describes 18 pages in pages-1.img, which is not in the archive"],
    shows: [...around, "pages-2.img"],
  },
  {
    name: "a page image of no table",
    path: async () =>
      (await CheckpointBuilder.from()).add("checkpoint/pages-9.img", Buffer.alloc(8192)).write(),
    code: 0,
    says: [],
    shows: [...around, "pages-9.img"],
  },
  {
    name: "a page image that holds more than its table says",
    path: async () =>
      (await CheckpointBuilder.from())
        .replace("checkpoint/pages-1.img", Buffer.alloc(80_000))
        .write(),
    code: 0,
    says: ["pagemap-1.img describes 73,728 bytes in pages-1.img, which holds 80,000"],
    shows: around,
  },
  {
    name: "a page table of shared memory that is broken",
    path: async () =>
      (await CheckpointBuilder.from()).add("checkpoint/pagemap-shmem-7.img", "broken").write(),
    code: 3,
    says: ["this is no CRIU image that we know", "checkpoint/pagemap-shmem-7.img"],
    shows: [...around, "pages-1.img", "pages-2.img"],
  },
]);

function dropped(...names: readonly string[]): () => Promise<string> {
  return async () =>
    (await CheckpointBuilder.from()).drop(...names.map((name) => `checkpoint/${name}`)).write();
}

hostileCases("images that are missing", [
  {
    name: "core",
    path: dropped("core-1.img"),
    code: 3,
    says: ["there is no core-1.img, which its process needs"],
    shows: ["cri-o", "sleep"],
  },
  {
    name: "mm",
    path: dropped("mm-1.img"),
    code: 3,
    says: ["there is no mm-1.img, which its process needs"],
    shows: around,
  },
  {
    name: "pagemap",
    path: dropped("pagemap-1.img"),
    code: 3,
    says: ["there is no pagemap-1.img, which its process needs"],
    shows: around,
  },
  {
    name: "pstree",
    path: dropped("pstree.img"),
    code: 3,
    says: ["there is no pstree.img, so no process can be shown"],
    shows: ["cri-o", "lab-node"],
  },
  {
    name: "all of them",
    path: async () => {
      const builder = await CheckpointBuilder.from();
      const images = builder.names().filter((name) => name.startsWith("checkpoint"));
      return builder.drop(...images).write();
    },
    code: 3,
    says: ["the archive holds no CRIU images (neither pstree.img nor inventory.img)"],
    shows: ["cri-o", "lab-node"],
  },
  replaced("an inventory that is broken", "inventory.img", bytes("what is this"), [
    "this is no CRIU image that we know",
  ]),
]);

/** A process tree of `[pid, ppid]`. */
function tree(...processes: readonly [number, number][]): Buffer {
  const entries = processes.map(([pid, ppid]) =>
    entry("pstree_entry", { pid, ppid, pgid: 1, sid: 1, threads: [pid] }),
  );
  return image("PSTREE", ...entries);
}

hostileCases("process trees", [
  replaced("a loop", "pstree.img", tree([1, 0], [14, 15], [15, 14]), [
    "process 14 is its own ancestor; the circle is cut there",
  ]),
  {
    ...replaced("a loop with a tail", "pstree.img", tree([1, 0], [16, 14], [14, 15], [15, 14]), [
      "process 14 is its own ancestor; the circle is cut there",
    ]),
    hides: ["process 16 is its own ancestor"],
  },
  replaced("nothing but a loop", "pstree.img", tree([1, 14], [14, 1]), [
    "process 1 is its own ancestor; the circle is cut there",
  ]),
  replaced("a process that is its own parent", "pstree.img", tree([1, 0], [14, 14]), [
    "process 14 names itself as parent; it is shown as a root",
  ]),
  replaced("a parent that is missing", "pstree.img", tree([1, 0], [14, 77]), [
    "process 14 has parent 77, which is missing; it is shown as a root",
  ]),
  replaced("a pid that is there twice", "pstree.img", tree([1, 0], [14, 1], [14, 1]), [
    "the process tree holds pid 14 twice; the first counts",
    "entry 2",
  ]),
  replaced("pid 0", "pstree.img", tree([1, 0], [14, 1], [0, 0]), [
    "the process tree holds pid 0; allowed 1 to 4194304",
  ]),
  replaced("a pid beyond the kernel's", "pstree.img", tree([1, 0], [14, 1], [2 ** 32 - 1, 0]), [
    "the process tree holds pid 4294967295; allowed 1 to 4194304",
  ]),
  replaced(
    "a tree of no processes",
    "pstree.img",
    tree(),
    ["the process tree is empty"],
    ["cri-o", "lab-node"],
  ),
  {
    name: "a chain of 20,000 processes",
    path: async () => {
      const chain = Array.from({ length: 20_000 }, (_, at): [number, number] => [at + 1, at]);
      const builder = await CheckpointBuilder.from();
      return builder.replace("checkpoint/pstree.img", tree(...chain)).write();
    },
    command: ["inspect", "--show", "problems"],
    code: 3,
    says: ["there is no core-2.img, which its process needs", "further problems are not listed"],
  },
]);

hostileCases("a member that claims more than the file holds", [
  {
    name: "in the middle of the archive",
    path: async () => {
      const builder = await CheckpointBuilder.from();
      const body = builder.content("checkpoint/pages-2.img");
      builder.replace("checkpoint/pages-2.img", { body, size: 10_000_000 });
      return sparseFile([builder.bytes()]);
    },
    code: 3,
    says: [
      "the archive is truncated in member checkpoint/pages-2.img",
      "allowed 10,000,000 bytes",
      "there is no pstree.img",
    ],
    shows: ["pages-1.img"],
  },
]);
