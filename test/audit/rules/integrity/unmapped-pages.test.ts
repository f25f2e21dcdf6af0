import fc from "fast-check";
import { expect, it } from "vitest";
import type { Sighting } from "../../../../src/audit/finding.ts";
import { unmappedPages } from "../../../../src/audit/rules/integrity/unmapped-pages.ts";
import type { Subject } from "../../../../src/audit/subject.ts";
import { PageMap } from "../../../../src/criu/page-map.ts";

const page = 4096n;

/** Asks the rule of one process with these mappings and dumped runs, both in pages: [first, end). */
async function addresses(
  mappings: readonly (readonly [number, number])[],
  runs: readonly (readonly [number, number])[],
): Promise<bigint[]> {
  const pageMap = new PageMap(1);
  for (const [first, end] of runs) pageMap.add(BigInt(first) * page, end - first, 4);
  const vmas = mappings.map(([first, end]) => ({
    start: BigInt(first) * page,
    end: BigInt(end) * page,
  }));
  const process = { pid: 1, comm: "x", pageMap, layout: { pageSize: 4096, entry: { vmas } } };
  const subject = { checkpoint: { processes: async () => [process] } };
  const found: Sighting[] = [];
  for await (const sighting of unmappedPages.evaluate(subject as unknown as Subject)) {
    found.push(sighting);
  }
  return found.flatMap(({ places }) => (places ?? []).map(({ address }) => (address ?? 0n) / page));
}

it("tells of the first dumped page of each gap between mappings", async () => {
  expect(await addresses([[10, 20]], [[12, 15]])).toEqual([]);
  expect(await addresses([[10, 20]], [[15, 25]])).toEqual([20n]);
  expect(
    await addresses(
      [
        [10, 20],
        [30, 40],
      ],
      [
        [5, 35],
        [50, 51],
      ],
    ),
  ).toEqual([5n, 20n, 50n]);
  expect(await addresses([], [[7, 8]])).toEqual([7n]);
});

it("agrees with a look at every page", async () => {
  const pair = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 8 }));
  const ranges = fc.array(pair, { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(ranges, ranges, async (some, others) => {
      const mappings = some.map(([at, length]): [number, number] => [at, at + length]);
      // Runs ascend and do not overlap.
      let end = 0;
      const runs = others.map(([gap, length]): [number, number] => {
        const first = end + gap;
        end = first + length;
        return [first, end];
      });
      const inside = (list: [number, number][], at: number): boolean =>
        list.some(([first, last]) => at >= first && at < last);
      const expected: bigint[] = [];
      let told = false;
      for (let at = 0; at <= end; at++) {
        if (inside(mappings, at)) told = false;
        else if (!told && inside(runs, at)) {
          told = true;
          expected.push(BigInt(at));
        }
      }
      expect(await addresses(mappings, runs)).toEqual(expected);
    }),
  );
});
