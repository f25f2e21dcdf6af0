import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BufferSource } from "../../../src/archive/buffer-source.ts";
import { PageComparer } from "../../../src/audit/diff/compare-pages.ts";
import { noPages, type PageCounts } from "../../../src/audit/diff/page-counts.ts";
import { stretches } from "../../../src/audit/diff/page-stretches.ts";
import type { PageStore } from "../../../src/criu/memory/page-store.ts";
import { PageMap, pageInParent, pageLazy, pagePresent } from "../../../src/criu/page-map.ts";

const pageSize = 16;
const space = 24;

/** What a dump says of each page: its bytes, or why it has none. */
type Page = Uint8Array | "parent" | "lazy" | undefined;

const bytes = fc.uint8Array({ minLength: pageSize, maxLength: pageSize, max: 1 });
const page: fc.Arbitrary<Page> = fc.oneof(
  { weight: 4, arbitrary: bytes },
  fc.constantFrom("parent" as const, "lazy" as const, undefined),
);
const table = fc.array(page, { minLength: space, maxLength: space });

/** Joins pages of one kind to runs as CRIU does, or leaves each a run of its own. */
function storeOf(pages: readonly Page[], joined: boolean, short = 0): PageStore {
  const map = new PageMap(1);
  const flagsOf = (it: Page): number =>
    it === "parent" ? pageInParent : it === "lazy" ? pageLazy : pagePresent;
  let run: { at: number; pages: number; flags: number } | undefined;
  const flush = (): void => {
    if (run !== undefined) map.add(BigInt(run.at * pageSize), run.pages, run.flags);
    run = undefined;
  };
  pages.forEach((it, at) => {
    if (it === undefined) flush();
    else if (run !== undefined && joined && run.flags === flagsOf(it)) run.pages += 1;
    else {
      flush();
      run = { at, pages: 1, flags: flagsOf(it) };
    }
  });
  flush();
  const content = Buffer.concat(pages.filter((it) => it instanceof Uint8Array));
  const source = new BufferSource(content.subarray(0, content.length - short));
  return { map, pages: source, image: "pages-1.img", member: "pages-1.img" };
}

function whole(store: PageStore) {
  return stretches(store, pageSize, 0n, 1n << 64n);
}

/** The same, page by page. */
function naive(before: readonly Page[], after: readonly Page[], compare: boolean): PageCounts {
  const counts = noPages(compare);
  before.forEach((old, at) => {
    const now = after[at];
    if (old instanceof Uint8Array && now instanceof Uint8Array) {
      const different = old.filter((byte, inside) => byte !== now[inside]).length;
      if (!compare) counts.uncompared += 1;
      else if (different === 0) counts.same += 1;
      else {
        counts.changed = (counts.changed ?? 0) + 1;
        counts.changedBytes = (counts.changedBytes ?? 0) + different;
      }
    } else if (old instanceof Uint8Array && now === undefined) counts.removed += 1;
    else if (now instanceof Uint8Array && old === undefined) counts.added += 1;
    else if (old !== undefined || now !== undefined) counts.unavailable += 1;
  });
  return counts;
}

async function count(
  before: PageStore,
  after: PageStore,
  { compare = true, later = null as "after" | "before" | null } = {},
): Promise<PageCounts> {
  const comparer = new PageComparer(compare, later);
  const counts = noPages(compare);
  try {
    await comparer.count(whole(before), whole(after), 0n, pageSize, counts);
    return counts;
  } finally {
    await comparer.close();
  }
}

describe("pages of two tables", () => {
  it("are counted as one by one", async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        table,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        async (before, after, one, two, compare) => {
          const counts = await count(storeOf(before, one), storeOf(after, two), { compare });
          expect(counts).toEqual(naive(before, after, compare));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("that were left in the dump before are its pages, through any number of dumps", async () => {
    const resolve = (child: readonly Page[], parent: readonly Page[]): Page[] =>
      child.map((it, at) => (it === "parent" ? (parent[at] ?? "lazy") : it));
    await fc.assert(
      fc.asyncProperty(table, table, table, async (first, second, third) => {
        const [one, two, three] = [first, second, third].map((it) => storeOf(it, true)) as [
          PageStore,
          PageStore,
          PageStore,
        ];
        two.parent = one;
        three.parent = two;
        const seen = resolve(third, resolve(second, first));
        expect(await count(one, three)).toEqual(naive(first, seen, true));
        // Of two that follow each other, what the later left is the same, at hand or not.
        const chained = await count(two, three, { compare: false, later: "after" });
        const left = third.filter((it, at) => it === "parent" && second[at] !== undefined).length;
        expect(chained.same).toBe(left);
      }),
      { numRuns: 200 },
    );
  });

  it("in an image that ends too early are not at hand", async () => {
    const pages = Array.from({ length: 4 }, (_, at) => new Uint8Array(pageSize).fill(at));
    const counts = await count(storeOf(pages, true), storeOf(pages, true, 24));
    expect(counts).toMatchObject({ same: 2, changed: 0, changedBytes: 0, unavailable: 2 });
  });

  it("are compared beyond the windows in which they are read", async () => {
    const size = 4096;
    const length = 700;
    const make = (): Buffer => Buffer.alloc(size * length, "cryoscope");
    const [one, two] = [make(), make()];
    for (const at of [0, 255, 256, 511, 699]) two[at * size + 7] = 0;
    two.fill(1, 300 * size, 301 * size);
    const stores = [one, two].map((content): PageStore => {
      const map = new PageMap(1);
      map.add(0n, length, pagePresent);
      // Only streams, as a member of a compressed archive does.
      const { size: total, ...source } = new BufferSource(content);
      const streaming = {
        ...source,
        size: total,
        read: async () => Promise.reject(new Error("not read by place")),
        stream: (from = 0, most = total - from) => new BufferSource(content).stream(from, most),
      };
      return { map, pages: streaming, image: "pages-1.img", member: "pages-1.img" };
    }) as [PageStore, PageStore];
    const counts = noPages(true);
    const comparer = new PageComparer(true, null);
    const ranges = stores.map((store) => stretches(store, size, 0n, 1n << 64n));
    await comparer.count(ranges[0] as never, ranges[1] as never, 0n, size, counts);
    await comparer.close();
    expect(counts).toMatchObject({ same: length - 6, changed: 6, changedBytes: 5 + size });
  });
});
