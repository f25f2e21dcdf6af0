import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import { maskMarked } from "../../src/base/mask.ts";
import { sanitize } from "../../src/base/text.ts";
import type { Mapping } from "../../src/criu/memory/mapping.ts";
import type { PageStore } from "../../src/criu/memory/page-store.ts";
import { ProcessMemory } from "../../src/criu/memory/process-memory.ts";
import type { DumpMemory } from "../../src/criu/memory/read-memory.ts";
import { PageMap, pagePresent } from "../../src/criu/page-map.ts";
import { type LineOptions, textLines } from "../../src/memory/text-lines.ts";
import { texts } from "../../src/memory/text-list.ts";
import { pieces } from "../support/naive-texts.ts";
import { secretTexts } from "../support/secret-texts.ts";

const pageSize = 4096;

/** Pages that lie at these addresses, whole but for the last. */
function store(bytes: Uint8Array, runs: readonly (readonly [bigint, number])[]): PageStore {
  const map = new PageMap(1);
  for (const [start, pages] of runs) map.add(start, pages, pagePresent);
  return { map, pages: new BufferSource(bytes), image: "pages-1.img", member: "pages-1.img" };
}

/** One process with pages of its own, in two stretches. */
function privateMemory(bytes: Uint8Array, start = 0x7f40_0000_0000n): DumpMemory {
  const pages = Math.ceil(bytes.length / pageSize);
  const first = Math.ceil(pages / 3);
  const own = store(bytes, [
    [start, first],
    [start + BigInt((pages + 1) * pageSize), pages - first + 1],
  ]);
  const shared = new Map<number, PageStore>();
  const process = new ProcessMemory({ pid: 17, mappings: [], pageSize, own, shared });
  return { processes: new Map([[17, process]]), shared };
}

async function printed(memory: DumpMemory, options: Partial<LineOptions> = {}): Promise<string> {
  const parts: Buffer[] = [];
  const prefix = (pid: number | null): string => (pid === null ? "shared  " : `${pid} 0x`);
  const mask = (text: string): string => sanitize(maskMarked(text));
  const all = { least: 6, prefix, mask, ...options };
  for await (const part of textLines(memory, all)) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
}

/** The same by way of each text on its own. */
async function told(
  memory: DumpMemory,
  { least = 6, quiet = false, reveal = false, limit = Number.POSITIVE_INFINITY } = {},
): Promise<string> {
  const lines: string[] = [];
  for await (const batch of texts(memory, "ascii", least)) {
    for (const { pid, address, text } of batch) {
      const place = address === null ? "shared  " : `${pid} 0x${address.toString(16)}  `;
      lines.push(`${quiet ? "" : place}${sanitize(reveal ? text : maskMarked(text))}\n`);
    }
  }
  return lines.slice(0, limit).join("");
}

/** Bytes of texts with and without secrets, as long as windows are. */
const memories = fc
  .array(
    fc.oneof(
      pieces(20),
      secretTexts.map((text) => Buffer.from(text)),
    ),
    { minLength: 1 },
  )
  .chain((list) => fc.integer({ min: 1, max: 200_000 }).map((length) => ({ list, length })))
  .map(({ list, length }) => {
    const once = Buffer.concat([...list, Buffer.of(0)]);
    return Buffer.alloc(length, once);
  });

describe("texts as lines", () => {
  it("are the texts with their addresses, each masked by itself", async () => {
    await fc.assert(
      fc.asyncProperty(
        memories,
        fc.record({
          least: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(63, 64, 65, 300)),
          quiet: fc.boolean(),
          reveal: fc.boolean(),
        }),
        fc.integer({ min: 1, max: 5 }),
        async (bytes, options, windows) => {
          const memory = privateMemory(bytes);
          const step = Math.ceil(bytes.length / windows);
          const lines = await printed(memory, {
            least: options.least,
            step,
            ...(options.quiet ? { prefix: undefined } : {}),
            ...(options.reveal ? { mask: undefined } : {}),
          });
          expect(lines).toBe(await told(memory, options));
        },
      ),
      { numRuns: 120, seed: 17 },
    );
  });

  it("are found at every place of a block, and of every length", async () => {
    const parts: Buffer[] = [];
    for (const length of [1, 2, 5, 6, 15, 16, 17, 61, 62, 63, 64, 65, 66, 128]) {
      for (let gap = 1; gap <= 64; gap++) parts.push(Buffer.alloc(gap), Buffer.alloc(length, "x"));
    }
    const memory = privateMemory(Buffer.concat(parts));
    for (const least of [1, 6, 16, 62, 63, 64, 65, 128]) {
      expect(await printed(memory, { least })).toBe(await told(memory, { least }));
    }
  });

  it("are masked wherever in a text a secret is, and however long it is", async () => {
    const bytes = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 40 }), secretTexts), { minLength: 1, maxLength: 9 })
      .map((list) => list.map(([before, text]) => `${".".repeat(before)}${text}`).join(" \0"))
      .map((text) => Buffer.from(text));
    await fc.assert(
      fc.asyncProperty(bytes, async (bytes) => {
        const memory = privateMemory(bytes);
        expect(await printed(memory, { least: 1 })).toBe(await told(memory, { least: 1 }));
      }),
      { numRuns: 2000, seed: 19 },
    );
  });

  it("are more than one window's room holds, and so is a masked one", async () => {
    const short = privateMemory(Buffer.alloc(800_000, "abcdef\0"));
    expect(await printed(short)).toBe(await told(short));
    const room = 512 * 1024;
    for (let length = 0; length <= 24; length++) {
      // The last line that a room takes ends at another place each time.
      const head = "-".repeat(length);
      const lines = await printed(short, { prefix: () => head, limit: 30_000 });
      const line = new RegExp(`^(${head}7f[0-9a-f]{10}  abcdef\n)*$`);
      expect(line.test(lines) && lines.length > room, head).toBe(true);
    }
    const tabs = privateMemory(Buffer.alloc(700_000, "\t"));
    expect(await printed(tabs)).toBe(await told(tabs));
    const secret = privateMemory(Buffer.alloc(400_000, "pwd=\t"));
    const lines = await printed(secret);
    expect(lines).toBe(await told(secret));
    expect(lines.length).toBeGreaterThan(800_000);
  });

  it("stop when there are as many as were wanted", async () => {
    const memory = privateMemory(Buffer.alloc(300_000, "abcdef\0pwd=secret\0"));
    for (const limit of [1, 2, 3, 9_000, 1_000_000]) {
      expect(await printed(memory, { limit })).toBe(await told(memory, { limit }));
    }
  });

  it("are told with addresses of any length", async () => {
    for (const start of [0n, 0xf000n, 0x10000n, 0xffff_ffff_fff0_0000n]) {
      const memory = privateMemory(Buffer.from("first text\0second"), start);
      expect(await printed(memory)).toBe(await told(memory));
    }
  });

  it("are told at the first address where shared memory is seen", async () => {
    const bytes = Buffer.alloc(9 * pageSize, "123456\0");
    const shared = new Map([
      [
        5,
        store(bytes, [
          [0n, 4],
          [0x4000n, 5],
        ]),
      ],
    ]);
    const mapping = (start: bigint, page: number, pages: number): Mapping => ({
      index: 0,
      start,
      end: start + BigInt(pages * pageSize),
      permissions: "rw-s",
      backing: "shared",
      name: "",
      offset: BigInt(page * pageSize),
      shmid: 5,
      entry: {} as Mapping["entry"],
    });
    const process = (pid: number, mappings: Mapping[]): [number, ProcessMemory] => [
      pid,
      new ProcessMemory({ pid, mappings, pageSize, own: undefined, shared }),
    ];
    const processes = new Map([
      process(3, [mapping(0x10000n, 2, 2), mapping(0x50000n, 6, 1)]),
      process(4, [mapping(0x90000n, 1, 4)]),
    ]);
    const memory: DumpMemory = { processes, shared };
    const lines = await printed(memory);
    expect(lines).toBe(await told(memory));
    const pages = lines.split("\n").map((line) => line.replace(/(0x.).*/, "$1").trim());
    expect([...new Set(pages)].sort()).toEqual(["", "3 0x1", "3 0x5", "4 0x9", "shared  123456"]);
    // The second process is the first to see only what lies beside the first one's mappings.
    expect(lines).toMatch(/^4 0x90[0-9a-f]{3} /m);
    expect(lines).toMatch(/^4 0x93[0-9a-f]{3} /m);
    expect(lines).not.toMatch(/^4 0x9[12]/m);
  });
});
