import { describe, expect, it } from "vitest";
import { BufferSource } from "../../src/archive/buffer-source.ts";
import type { Mapping } from "../../src/criu/memory/mapping.ts";
import { ProcessMemory } from "../../src/criu/memory/process-memory.ts";
import { PageMap, pageInParent, pageLazy, pagePresent } from "../../src/criu/page-map.ts";

const pageSize = 4096;

/** A process with one anonymous mapping of `pages` pages at 0x10000, each page of one letter. */
function memory(
  runs: readonly (readonly [page: number, count: number, flags: number])[],
  letters: string,
  parent?: ProcessMemory,
): ProcessMemory {
  const map = new PageMap(1);
  for (const [page, count, flags] of runs) {
    map.add(0x10000n + BigInt(page * pageSize), count, flags);
  }
  const pages = Buffer.concat([...letters].map((letter) => Buffer.alloc(pageSize, letter)));
  const mapping: Mapping = {
    index: 0,
    start: 0x10000n,
    end: 0x10000n + BigInt(6 * pageSize),
    permissions: "rw-p",
    backing: "private",
    name: "",
    offset: 0n,
    shmid: undefined,
    entry: {} as Mapping["entry"],
  };
  const own = {
    map,
    pages: new BufferSource(pages),
    image: "pages-1.img",
    member: "pages-1.img",
    parent: parent?.own,
  };
  return new ProcessMemory({
    pid: 1,
    mappings: [mapping],
    pageSize,
    own,
    shared: new Map(),
  });
}

async function letters(process: ProcessMemory): Promise<string> {
  const { bytes, gaps } = await process.read(0x10000n, 6 * pageSize);
  let text = "";
  for (let page = 0; page < 6; page++) {
    const at = page * pageSize;
    const gap = gaps.find(({ address, length }) => {
      const start = Number(address - 0x10000n);
      return at >= start && at < start + length;
    });
    const first = bytes[at] as number;
    expect(bytes.subarray(at, at + pageSize).every((byte) => byte === first)).toBe(true);
    text +=
      gap === undefined ? (first === 0 ? "0" : String.fromCharCode(first)) : `(${gap.origin})`;
  }
  return text;
}

describe("pages that live in the dump before", () => {
  const first = memory(
    [
      [0, 4, pagePresent],
      [5, 1, pagePresent],
    ],
    "abcde",
  );
  const runs = [
    [0, 1, pagePresent],
    [1, 2, pageInParent],
    [3, 1, pagePresent],
    [5, 1, pageInParent],
  ] as const;

  it("are read from it", async () => {
    expect(await letters(memory(runs, "AD", first))).toBe("AbcD0e");
  });

  it("are read through several dumps", async () => {
    const second = memory(runs, "AD", first);
    const third = memory([[0, 4, pageInParent]], "", second);
    expect(await letters(third)).toBe("AbcD00");
  });

  it("are told to be missing without it, as lazy pages are", async () => {
    expect(await letters(memory(runs, "AD"))).toBe("A(parent)(parent)D0(parent)");
    const lazy = memory([[2, 2, pageLazy]], "");
    expect(await letters(lazy)).toBe("00(lazy)(lazy)00");
  });

  it("are told to be missing where the page image is too short", async () => {
    expect(await letters(memory([[0, 3, pagePresent]], "xy"))).toBe("xy(missing)000");
  });
});
