import { cover, coverShare } from "./byte-set.ts";
import { mostPlaces, type Stretch } from "./shape.ts";

/** A stretch as the kernel looks for it. */
export interface Sieve {
  /** 256 bytes for each place. */
  table: Uint8Array;
  length: number;
  /** The place of the first test, and how far behind it the second is. */
  first: number;
  gap: number;
  /** Mask and value of each, four bytes from the highest down. */
  tests: number;
}

export const sieveBytes = mostPlaces * 256;

/** The two tests are made where they let the fewest bytes through. */
export function sieveOf({ places }: Stretch): Sieve {
  const covers = places.map((place) => {
    const test = cover(place);
    return { test, share: coverShare(test) };
  });
  let best = { first: 0, second: 0, share: Number.POSITIVE_INFINITY };
  for (let first = 0; first < covers.length; first++) {
    for (let second = first; second < covers.length; second++) {
      const [low, high] = [covers[first]?.share ?? 1, covers[second]?.share ?? 1].sort(
        (a, b) => a - b,
      ) as [number, number];
      // Neighbours are of a kind; what is far apart tells more.
      const share = first === second ? low : low * high ** (0.5 + (second - first) / 100);
      if (share < best.share) best = { first, second, share };
    }
  }
  const one = covers[best.first]?.test ?? { mask: 0, value: 0 };
  const two = covers[best.second]?.test ?? one;
  const table = new Uint8Array(places.length * 256);
  for (const [index, place] of places.entries()) table.set(place, index * 256);
  return {
    table,
    length: places.length,
    first: best.first,
    gap: best.second - best.first,
    tests: ((one.mask << 24) | (one.value << 16) | (two.mask << 8) | two.value) >>> 0,
  };
}
