import { type ByteSet, noByte, share, union } from "./byte-set.ts";

/**
 * Bytes side by side, in one or more ways: at each place, for each byte, the bits of the ways in
 * which it may stand there. `foo|bar` is two ways over three places.
 */
export interface Stretch {
  ways: number;
  places: readonly Uint8Array[];
}

/** A stretch that every match contains, and how far behind the match's start it may begin. */
export interface Need {
  stretch: Stretch;
  nearest: number;
  farthest: number;
  /** What may stand between the match's start and the stretch. */
  before: ByteSet;
}

/** What is known of all that a part of an expression can match. Lengths in bytes. */
export interface Shape {
  shortest: number;
  longest: number;
  /** Every byte that it may consume or look at. */
  all: ByteSet;
  /** How each match begins and ends. */
  head: Stretch;
  tail: Stretch;
  /** Is the head all of it? */
  whole: boolean;
  /** The rarest stretch that is in each match. */
  need: Need | undefined;
}

/** Longest stretch; more places would hardly make a test sharper. */
export const mostPlaces = 32;
const half = mostPlaces / 2;
const mostWays = 8;

const nothing: Stretch = { ways: 1, places: [] };

/** A part without length; `all` for what it looks at. */
export function empty(all: ByteSet = noByte): Shape {
  return { ...opaque(0, 0, all), whole: true };
}

/** A part of which only lengths and bytes are known. */
export function opaque(shortest: number, longest: number, all: ByteSet): Shape {
  return { shortest, longest, all, head: nothing, tail: nothing, whole: false, need: undefined };
}

export function character(set: ByteSet): Shape {
  const stretch = { ways: 1, places: [set] };
  const need = { stretch, nearest: 0, farthest: 0, before: noByte };
  return { shortest: 1, longest: 1, all: set, head: stretch, tail: stretch, whole: true, need };
}

/** One part behind another. */
export function sequence(a: Shape, b: Shape): Shape {
  const seam = joined(cut(a.tail, -half), cut(b.head, half));
  const behind = b.need && {
    stretch: b.need.stretch,
    nearest: a.shortest + b.need.nearest,
    farthest: a.longest + b.need.farthest,
    before: union(a.all, b.need.before),
  };
  const across = {
    stretch: seam,
    nearest: a.shortest - Math.min(half, a.tail.places.length),
    farthest: a.longest - Math.min(half, a.tail.places.length),
    before: a.all,
  };
  return {
    shortest: a.shortest + b.shortest,
    longest: a.longest + b.longest,
    all: union(a.all, b.all),
    head: a.whole ? cut(joined(a.head, b.head), mostPlaces) : a.head,
    tail: b.whole ? cut(joined(a.tail, b.tail), -mostPlaces) : b.tail,
    whole: a.whole && b.whole && a.shortest + b.shortest <= mostPlaces,
    need: rarer(rarer(a.need, behind), across),
  };
}

/** Either of two parts. */
export function choice(a: Shape, b: Shape): Shape {
  const [x, y] = [a.need, b.need];
  return {
    shortest: Math.min(a.shortest, b.shortest),
    longest: Math.max(a.longest, b.longest),
    all: union(a.all, b.all),
    head: either(a.head, b.head, 1),
    tail: either(a.tail, b.tail, -1),
    whole: a.whole && b.whole && a.shortest === b.shortest,
    need: x &&
      y && {
        stretch: either(x.stretch, y.stretch, 1),
        nearest: Math.min(x.nearest, y.nearest),
        farthest: Math.max(x.farthest, y.farthest),
        before: union(x.before, y.before),
      },
  };
}

/** A part `least` to `most` times. */
export function repeated(part: Shape, least: number, most: number): Shape {
  const longest = most === 0 || part.longest === 0 ? 0 : part.longest * most;
  if (least === 0) return opaque(0, longest, part.all);
  // What each of many is, few of them tell.
  const copies = Math.min(least, Math.ceil(mostPlaces / Math.max(1, part.shortest)));
  let result = part;
  for (let count = 1; count < copies; count++) result = sequence(result, part);
  const shortest = part.shortest * least;
  return { ...result, shortest, longest, whole: result.whole && copies === most };
}

function rarer(a: Need | undefined, b: Need | undefined): Need | undefined {
  if (a === undefined || a.stretch.places.length === 0) return b;
  if (b === undefined || b.stretch.places.length === 0) return a;
  return rarity(b.stretch) > rarity(a.stretch) ? b : a;
}

/** How many bits of surprise there are in a stretch. */
function rarity({ ways, places }: Stretch): number {
  let bits = -Math.log2(ways);
  for (const place of places) bits -= Math.log2(Math.max(1e-6, share(place))) / ways ** 0.5;
  return bits;
}

/** The first places of a stretch, or the last ones where `most` is negative. */
function cut(stretch: Stretch, most: number): Stretch {
  if (stretch.places.length <= Math.abs(most)) return stretch;
  const { ways, places } = stretch;
  return { ways, places: most < 0 ? places.slice(most) : places.slice(0, most) };
}

/** One stretch behind another. Only one of them can keep more than one way. */
function joined(a: Stretch, b: Stretch): Stretch {
  if (a.places.length === 0) return b;
  if (b.places.length === 0) return a;
  const ways = a.ways > 1 ? a.ways : b.ways;
  const rest = a.ways > 1 && b.ways > 1 ? merged(b) : b;
  return { ways, places: [...widened(a, ways), ...widened(rest, ways)] };
}

/** All ways as one. */
function merged({ places }: Stretch): Stretch {
  return { ways: 1, places: places.map((place) => place.map((ways) => (ways === 0 ? 0 : 1))) };
}

/** The places of a stretch that goes along with each of so many ways. */
function widened({ ways, places }: Stretch, wanted: number): readonly Uint8Array[] {
  if (ways === wanted) return places;
  const every = (1 << wanted) - 1;
  return places.map((place) => place.map((way) => (way === 0 ? 0 : every)));
}

/** Either of two stretches, as far as both go, from the front (1) or from the back (-1). */
function either(a: Stretch, b: Stretch, end: 1 | -1): Stretch {
  const length = Math.min(a.places.length, b.places.length);
  if (length === 0) return nothing;
  let [x, y] = [cut(a, length * end), cut(b, length * end)];
  if (x.ways + y.ways > mostWays) [x, y] = [merged(x), merged(y)];
  return {
    ways: x.ways + y.ways,
    places: x.places.map((place, index) =>
      place.map((ways, byte) => ways | ((y.places[index]?.[byte] ?? 0) << x.ways)),
    ),
  };
}
