import { describe, expect, test } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { decodeMessage } from "../../src/criu/decode.ts";
import type { ImageFrame } from "../../src/criu/frames.ts";
import { countEntries, openImage } from "../../src/criu/image.ts";
import { readPageMap } from "../../src/criu/page-map.ts";
import { type ImageType, imageTypes, type MessageName } from "../../src/criu/schema/schema.ts";
import { entry, image, magic, minimal, u32 } from "../support/criu-encoder.ts";

async function frames(bytes: Uint8Array): Promise<ImageFrame[]> {
  const all: ImageFrame[] = [];
  for await (const batch of (await openImage(new BufferSource(bytes))).frames()) all.push(...batch);
  return all;
}

function plain(message: MessageName, values: object = {}, payload?: Uint8Array): Buffer {
  return entry(message, { ...minimal(message), ...values }, payload);
}

describe("every image type", () => {
  const types = imageTypes().map((type): [string, ImageType] => [type.name, type]);

  test("is in the table", () => {
    expect(types).toHaveLength(66);
  });

  test.each(types)("%s: type, head and entries", async (name, type) => {
    const head = type.head === undefined ? [] : [plain(type.head)];
    const entries = name === "GHOST_FILE" ? [] : [plain(type.message), plain(type.message)];
    const bytes = image(name, ...head, ...entries);
    expect((await openImage(new BufferSource(bytes))).type.name).toBe(name);
    const found = await frames(bytes);
    expect(found.map((frame) => frame.message)).toEqual([
      ...(type.head === undefined ? [] : [type.head]),
      ...entries.map(() => type.message),
    ]);
    expect(found.map((frame) => frame.head)).toEqual([
      ...head.map(() => true),
      ...entries.map(() => false),
    ]);
    for (const frame of found) decodeMessage(frame.message, frame.bytes);
    const counted = await countEntries(new BufferSource(bytes));
    expect(counted).toMatchObject({ type: { name }, entries: entries.length });
    await expect(frames(bytes.subarray(0, -1))).rejects.toMatchObject({ kind: "archive" });
  });

  test("of the oldest form has one magic word", async () => {
    const [, core] = types.find(([name]) => name === "CORE") as [string, ImageType];
    const old = Buffer.concat([u32(core.magic), plain("core_entry")]);
    expect(await frames(old)).toMatchObject([{ index: 0, offset: 4, message: "core_entry" }]);
  });
});

describe("bytes behind entries", () => {
  const bytes = (length: number): Buffer => Buffer.alloc(length, 0xaa);
  const kinds: [string, MessageName, object, number][] = [
    ["TCP_STREAM", "tcp_stream_entry", { inq_len: 5, outq_len: 7 }, 12],
    ["PIPES_DATA", "pipe_data_entry", { bytes: 17 }, 17],
    ["FIFO_DATA", "pipe_data_entry", { bytes: 1 }, 1],
    ["SK_QUEUES", "sk_packet_entry", { length: 33 }, 33],
    ["IPCNS_SHM", "ipc_shm_entry", { size: 5n }, 8],
    ["IPCNS_SHM", "ipc_shm_entry", { size: 5n, in_pagemaps: true }, 0],
    ["IPCNS_SEM", "ipc_sem_entry", { nsems: 3 }, 8],
    ["IPCNS_SEM", "ipc_sem_entry", { nsems: 4 }, 8],
    ["IPCNS_SEM", "ipc_sem_entry", { nsems: 5 }, 16],
    ["BPFMAP_DATA", "bpfmap_data_entry", { keys_bytes: 3, values_bytes: 9 }, 12],
  ];
  test.each(kinds)("%s: %s with %o", async (type, message, values, length) => {
    const found = await frames(
      image(type, plain(message, values, bytes(length)), plain(message, values, bytes(length))),
    );
    expect(found).toHaveLength(2);
    expect(found.map((frame) => frame.payload?.length)).toEqual([length, length]);
    const [first, second] = found as [ImageFrame, ImageFrame];
    expect(first.payload?.offset).toBe(first.offset + 4 + first.bytes.length);
    expect(second.offset).toBe((first.payload?.offset ?? 0) + length);
    if (length === 0) return;
    const cut = image(type, plain(message, values, bytes(length - 1)));
    await expect(frames(cut)).rejects.toMatchObject({
      detail: { what: "the bytes behind an entry are cut short", where: { entry: 0 } },
    });
  });

  test("a message queue brings its messages", async () => {
    const message = (msize: number, length: number): Buffer =>
      plain("ipc_msg", { msize }, bytes(length));
    const found = await frames(
      image(
        "IPCNS_MSG",
        plain("ipc_msg_entry", { qnum: 2 }),
        message(3, 8),
        message(8, 8),
        plain("ipc_msg_entry", { qnum: 0 }),
      ),
    );
    expect(found.map((frame) => [frame.message, frame.part, frame.payload?.length])).toEqual([
      ["ipc_msg_entry", false, undefined],
      ["ipc_msg", true, 8],
      ["ipc_msg", true, 8],
      ["ipc_msg_entry", false, undefined],
    ]);
  });

  test("a message queue that promises 2^32 - 1 messages ends where the image does", async () => {
    const hostile = image("IPCNS_MSG", plain("ipc_msg_entry", { qnum: 2 ** 32 - 1 }));
    await expect(frames(hostile)).rejects.toMatchObject({
      detail: { what: "the image ends in the length of an entry" },
    });
  });

  test("a ghost file without chunks is all that follows its head", async () => {
    const found = await frames(image("GHOST_FILE", plain("ghost_file_entry"), bytes(1000)));
    expect(found).toMatchObject([{ head: true, payload: { length: 1000 } }]);
  });

  test("a ghost file with chunks has each behind its entry", async () => {
    const found = await frames(
      image(
        "GHOST_FILE",
        plain("ghost_file_entry", { chunks: true }),
        plain("ghost_chunk_entry", { len: 10n }, bytes(10)),
        plain("ghost_chunk_entry", { len: 20n }, bytes(20)),
      ),
    );
    expect(found.map((frame) => [frame.head, frame.part, frame.payload?.length])).toEqual([
      [true, false, undefined],
      [false, true, 10],
      [false, true, 20],
    ]);
  });

  test("a payload of 2^63 bytes is refused", async () => {
    const hostile = image("IPCNS_SHM", plain("ipc_shm_entry", { size: 2n ** 63n }));
    await expect(frames(hostile)).rejects.toMatchObject({
      detail: { what: "an entry announces more bytes than any image has" },
    });
  });
});

describe("page tables of all ages", () => {
  const table = (...runs: object[]): Promise<Awaited<ReturnType<typeof readPageMap>>> =>
    readPageMap(
      new BufferSource(
        image(
          "PAGEMAP",
          plain("pagemap_head", { pages_id: 3 }),
          ...runs.map((run) => plain("pagemap_entry", run)),
        ),
      ),
      4096,
    );

  test("CRIU 4.2: nr_pages, beside a field of the older name that is zero", async () => {
    const map = await table({ vaddr: 0x1000n, compat_nr_pages: 0, nr_pages: 2n ** 33n, flags: 4 });
    expect(map).toMatchObject({ pagesId: 3, presentPages: 2 ** 33, length: 1 });
  });

  test("before: compat_nr_pages alone", async () => {
    const map = await table({ vaddr: 0x1000n, compat_nr_pages: 7, flags: 4 });
    expect(map).toMatchObject({ presentPages: 7, length: 1 });
  });

  test("without flags: in_parent tells", async () => {
    const map = await table(
      { vaddr: 0x1000n, compat_nr_pages: 2 },
      { vaddr: 0x9000n, compat_nr_pages: 3, in_parent: true },
      { vaddr: 0x20000n, compat_nr_pages: 4, in_parent: false },
    );
    expect(map).toMatchObject({ presentPages: 6, parentPages: 3, lazyPages: 0 });
    expect([map.run(0).firstPage, map.run(1).firstPage, map.run(2).firstPage]).toEqual([0, -1, 2]);
  });

  test("with flags: present, in the parent, lazy", async () => {
    const map = await table(
      { vaddr: 0x1000n, nr_pages: 2n, flags: 4 },
      { vaddr: 0x9000n, nr_pages: 3n, flags: 1 },
      { vaddr: 0x20000n, nr_pages: 5n, flags: 2 },
      { vaddr: 0x40000n, nr_pages: 7n, flags: 6 },
    );
    expect(map).toMatchObject({ presentPages: 9, parentPages: 3, lazyPages: 5 });
  });

  test("keeps its runs when it grows", async () => {
    const map = await table(
      ...Array.from({ length: 1000 }, (_, at) => ({
        vaddr: BigInt(at) * 0x10000n,
        nr_pages: BigInt((at % 7) + 1),
        flags: 4,
      })),
    );
    expect(map.length).toBe(1000);
    expect(map.run(999)).toMatchObject({ start: 999n * 0x10000n, pages: (999 % 7) + 1 });
    expect(map.runAt(500n * 0x10000n + 5n)?.start).toBe(500n * 0x10000n);
  });
});

test("an image of no entries is whole", async () => {
  expect(await frames(magic("FILES"))).toEqual([]);
});
