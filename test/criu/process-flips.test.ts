import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryFolder } from "../support/memory-folder.ts";
import { readAll } from "../support/processes.ts";
import { crioCounter, rich } from "../support/samples.ts";

/** Images of the process model. A fault of ours would throw, and fail the property. */
const model =
  /^(core|mm|ids|fs)-\d+\.img$|^(files|cgroup|seccomp|pstree|inventory|remap-fpath)\.img$/;

function flipped(bytes: Uint8Array, bits: readonly (readonly [number, number])[]): Uint8Array {
  // `slice` of a Buffer is no copy.
  const copy = new Uint8Array(bytes);
  for (const [place, bit] of bits) {
    const at = place % copy.length;
    copy[at] = (copy[at] as number) ^ (1 << bit);
  }
  return copy;
}

// Not a double: those are drawn by their bits, so nearly all of them lie near nothing.
const place = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe.each([
  ["rich-crun", rich],
  ["counter", crioCounter],
])("the process model of %s", (_name, path) => {
  it("stands any bits that are turned over", async () => {
    const folder = await MemoryFolder.of(path);
    const names = [...folder.images.keys()].filter((name) => model.test(name));
    expect(names.length).toBeGreaterThan(10);
    const damage = fc.record({
      name: fc.constantFrom(...names),
      bits: fc.array(fc.tuple(place, fc.nat(7)), { minLength: 1, maxLength: 6 }),
    });
    let processes = 0;
    const runs = 400;
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (changes) => {
        const images = changes.map(({ name, bits }) => {
          return [name, flipped(folder.images.get(name) as Uint8Array, bits)] as const;
        });
        const { details } = await readAll(folder.with(Object.fromEntries(images)));
        expect(details.size).toBeLessThan(20);
        processes += details.size;
      }),
      { seed: 20261122, numRuns: runs },
    );
    // Most damage leaves most processes: else nothing behind the tree was put to the test.
    expect(processes).toBeGreaterThan(runs);
  });

  it("stands any image that ends too early", async () => {
    const folder = await MemoryFolder.of(path);
    const names = [...folder.images.keys()].filter((name) => model.test(name));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), place, async (name, part) => {
        const whole = folder.images.get(name) as Uint8Array;
        const cut = whole.subarray(0, part % whole.length);
        await readAll(folder.with({ [name]: cut }));
      }),
      { seed: 20261122, numRuns: 150 },
    );
  });
});
