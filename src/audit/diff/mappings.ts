import { hex } from "../../base/u64.ts";
import type { Mapping } from "../../criu/memory/mapping.ts";
import type { Change } from "./change.ts";
import type { PageCounts } from "./page-counts.ts";

interface MappingId {
  /** Null for shared memory that no process maps. */
  pid: number | null;
  /** Address in the second checkpoint; in the first where it went. */
  start: string;
  /**
   * Pages behind it; those of shared memory stand with the first mapping that shows it, and are
   * null at the others.
   */
  pages: PageCounts | null;
}

/** What is compared of a mapping. Sizes in bytes. */
export interface MappingFacts {
  start: string;
  end: string;
  sizeBytes: number;
  permissions: string;
  backing: Mapping["backing"] | "unmapped";
  name: string;
  offset: string;
}

/** `fields` has `pages` where those differ. */
export type MappingChange = Change<MappingId, MappingFacts>;

export function mappingFacts(mapping: Mapping): MappingFacts {
  const { start, end, permissions, backing, name, offset } = mapping;
  return {
    start: hex(start),
    end: hex(end),
    sizeBytes: Number(end - start),
    permissions,
    backing,
    name,
    offset: hex(offset),
  };
}

/** Two mappings that are one and the same, or one that has no counterpart. */
export interface MappingPair {
  before: Mapping | undefined;
  after: Mapping | undefined;
}

/**
 * Pairs the mappings of a process by address and kind; what is left, where the process was laid out
 * anew (another run of the same program), by kind and order.
 */
export function pairMappings(
  before: readonly Mapping[],
  after: readonly Mapping[],
  anew: boolean,
): MappingPair[] {
  const rest = new Map(before.map((mapping) => [place(mapping), mapping]));
  const pairs: MappingPair[] = after.map((mapping) => {
    const at = place(mapping);
    const found = rest.get(at);
    rest.delete(at);
    return { before: found, after: mapping };
  });
  if (anew) pairByKind(pairs, rest);
  for (const mapping of rest.values()) pairs.push({ before: mapping, after: undefined });
  return pairs;
}

function pairByKind(pairs: MappingPair[], rest: Map<string, Mapping>): void {
  const waiting = new Map<string, { at: string; mapping: Mapping }[]>();
  for (const [at, mapping] of rest) {
    const queue = waiting.get(sort(mapping)) ?? [];
    queue.push({ at, mapping });
    waiting.set(sort(mapping), queue);
  }
  // Taken from the end, which costs nothing; so the queues stand the other way round.
  for (const queue of waiting.values()) queue.reverse();
  for (const pair of pairs) {
    if (pair.before !== undefined || pair.after === undefined) continue;
    const found = waiting.get(sort(pair.after))?.pop();
    if (found === undefined) continue;
    pair.before = found.mapping;
    rest.delete(found.at);
  }
}

/** Numbers of shared memory are the kernel's, and others in another life. */
export function kindName(name: string): string {
  return name.replace(/^\[(shared|sysv) \d+\]$/, "[$1]");
}

/** A stack grows downwards, so it is known by its end. */
function place({ name, start, end, backing }: Mapping): string {
  const address = name === "[stack]" ? end : start;
  return `${address} ${backing} ${kindName(name)}`;
}

function sort({ name, start, end, backing, offset, permissions }: Mapping): string {
  // Heaps and stacks are of any size; what has no name has nothing else to be known by.
  const size = name === "" ? ` ${end - start} ${permissions}` : "";
  return `${backing} ${kindName(name)} ${offset}${size}`;
}
