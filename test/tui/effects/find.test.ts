import { describe, expect, it } from "vitest";
import { BufferSource } from "../../../src/archive/buffer-source.ts";
import type { Mapping } from "../../../src/criu/memory/mapping.ts";
import type { PageStore } from "../../../src/criu/memory/page-store.ts";
import { ProcessMemory } from "../../../src/criu/memory/process-memory.ts";
import { PageMap, pagePresent } from "../../../src/criu/page-map.ts";
import { literalMatcher } from "../../../src/memory/matcher.ts";
import { search } from "../../../src/memory/search.ts";
import { isSeen } from "../../../src/tui/effects/find.ts";

function store(id: number, start: bigint, text: string, pages: number): PageStore {
  const map = new PageMap(id);
  map.add(start, pages, pagePresent);
  const bytes = Buffer.alloc(pages * 4096);
  for (let page = 0; page < pages; page++) bytes.write(text, page * 4096 + 100);
  const image = `pages-${id}.img`;
  return { map, pages: new BufferSource(bytes), image, member: image };
}

describe("what a search finds in a process", () => {
  it("is what the process sees: its own copy of a page hides the shared one", async () => {
    // A private mapping of shared memory, whose first page the process has written.
    const base = { index: 0, permissions: "rw-p", offset: 0n, shmid: 5, entry: {} };
    const mapping = {
      ...base,
      start: 0x10000n,
      end: 0x12000n,
      backing: "file",
      name: "/memfd:x",
    } as unknown as Mapping;
    const shared = new Map([[5, store(2, 0n, "needle", 2)]]);
    const own = store(1, 0x10000n, "a needle", 1);
    const parts = { pid: 1, mappings: [mapping], pageSize: 4096, own, shared };
    const memory = new ProcessMemory(parts);
    const dump = { processes: new Map([[1, memory]]), shared };
    const seen: bigint[] = [];
    const hidden: bigint[] = [];
    for await (const hits of search(dump, literalMatcher(Buffer.from("needle")))) {
      for (const hit of hits) {
        for (const { address } of hit.sights) {
          const place = { start: address, length: hit.length };
          (isSeen(memory, hit, place) ? seen : hidden).push(address);
        }
      }
    }
    expect(seen.sort()).toEqual([0x10066n, 0x11064n]);
    expect(hidden).toEqual([0x10064n]);
  });
});
