import type { Piece } from "../../state/byte-space.ts";

/** A piece of a space, or a part of it that could not be read, with the reason. */
type KnownPiece = Piece | { kind: "failed"; start: bigint; end: bigint; message: string };

/** Pieces that were read together, without gaps. */
export interface Block {
  start: bigint;
  end: bigint;
  pieces: readonly KnownPiece[];
}

/** What is known of a space: blocks in ascending order, apart from each other. */
export type Known = readonly Block[];

/** Blocks that are kept. A block is a few screens, so this is what one scrolls back to at once. */
const mostBlocks = 64;

/** What is known with one block more; those farthest from `near` go when there are too many. */
export function withBlock(known: Known, block: Block, near: bigint): Known {
  const apart = known.filter(({ start, end }) => end <= block.start || start >= block.end);
  const all = [...apart, block].sort((a, b) => (a.start < b.start ? -1 : 1));
  if (all.length <= mostBlocks) return all;
  const distance = ({ start, end }: Block): bigint =>
    near < start ? start - near : near >= end ? near - end : 0n;
  const [first, last] = [all[0] as Block, all.at(-1) as Block];
  return distance(first) > distance(last) ? all.slice(1) : all.slice(0, -1);
}

/** Index of the last element that begins at or before an address; -1 where none does. */
export function lastStart(
  length: number,
  startOf: (index: number) => bigint,
  address: bigint,
): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startOf(middle) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The piece that holds an address, or the bounds of what is not known around it. */
export function lookUp(
  known: Known,
  address: bigint,
): { piece: KnownPiece } | { after: bigint | undefined; before: bigint | undefined } {
  const at = lastStart(known.length, (index) => (known[index] as Block).start, address);
  const block = known[at];
  if (block === undefined || address >= block.end) {
    return { after: block?.end, before: known[at + 1]?.start };
  }
  const { pieces } = block;
  const index = lastStart(pieces.length, (it) => (pieces[it] as KnownPiece).start, address);
  return { piece: pieces[index] as KnownPiece };
}
