import { ArchiveError } from "../../base/errors.ts";
import type { ProblemLog } from "../../base/problem.ts";
import type { Mapping } from "../../criu/memory/mapping.ts";
import type { PageStore } from "../../criu/memory/page-store.ts";
import type { ProcessMemory } from "../../criu/memory/process-memory.ts";
import type { DumpMemory } from "../../criu/memory/read-memory.ts";
import { inOrder } from "./change.ts";
import type { PageComparer } from "./compare-pages.ts";
import { changeOf, mappingChange, unmappedFacts } from "./mapping-change.ts";
import {
  type MappingChange,
  type MappingFacts,
  type MappingPair,
  pairMappings,
} from "./mappings.ts";
import { everything, layoutsOf, memoryOf } from "./memory-sides.ts";
import { addPages, noPages, type PageCounts } from "./page-counts.ts";
import { type Stretch, stretches } from "./page-stretches.ts";
import type { Pairing } from "./pairing.ts";

/** How the memory of two checkpoints goes together. */
export interface MemoryDiff {
  mappings: MappingChange[];
  /** All pages together, those of mappings that did not change too. */
  pages: PageCounts;
  /** Were the bytes of pages compared? */
  pagesCompared: boolean;
  /** Processes whose mappings lie at other addresses, as in another run of a program. */
  laidOutAnew: number[];
}

/** Compares the memory of every process, and what they share once. */
export async function compareMemory(
  pairing: Pairing,
  comparer: PageComparer,
  problems: ProblemLog,
): Promise<MemoryDiff> {
  const sides = [pairing.before, pairing.after] as const;
  const [before, after] = [
    await memoryOf(pairing.before, pairing.after),
    await memoryOf(pairing.after, pairing.before),
  ];
  const layouts = await Promise.all(sides.map(async (side) => layoutsOf(await side.processes())));
  return new MemoryComparison(pairing, comparer, problems, {
    before,
    after,
    layouts,
  }).run();
}

interface Memories {
  before: DumpMemory;
  after: DumpMemory;
  /** Where the first and the second laid out the memory of each process. */
  layouts: readonly ReadonlyMap<number, string>[];
}

class MemoryComparison {
  readonly #pairing: Pairing;
  readonly #comparer: PageComparer;
  readonly #problems: ProblemLog;
  readonly #memory: Memories;
  readonly #result: MemoryDiff;
  /** Shared memory that was told already, by number. */
  readonly #told = { before: new Set<number>(), after: new Set<number>() };

  constructor(pairing: Pairing, comparer: PageComparer, problems: ProblemLog, memory: Memories) {
    this.#pairing = pairing;
    this.#comparer = comparer;
    this.#problems = problems;
    this.#memory = memory;
    const pagesCompared = comparer.compares;
    this.#result = {
      mappings: [],
      pages: noPages(pagesCompared),
      pagesCompared,
      laidOutAnew: [],
    };
  }

  async run(): Promise<MemoryDiff> {
    const { before, after } = this.#memory;
    const pids = new Set([...before.processes.keys(), ...after.processes.keys()]);
    for (const pid of [...pids].sort((a, b) => a - b)) {
      if (this.#pairing.pid !== undefined && pid !== this.#pairing.pid) continue;
      const [one, two] = [before.processes.get(pid), after.processes.get(pid)];
      if (one !== undefined && two !== undefined && this.#pairing.reused.has(pid)) {
        await this.#process(pid, one, undefined);
        await this.#process(pid, undefined, two);
      } else await this.#process(pid, one, two);
    }
    if (this.#pairing.pid === undefined) await this.#unmapped();
    return this.#result;
  }

  async #process(
    pid: number,
    before: ProcessMemory | undefined,
    after: ProcessMemory | undefined,
  ): Promise<void> {
    const anew = before !== undefined && after !== undefined && this.#laidOutAnew(pid);
    if (anew) this.#result.laidOutAnew.push(pid);
    const pairs = pairMappings(before?.mappings ?? [], after?.mappings ?? [], anew);
    const changes: { at: bigint; change: MappingChange }[] = [];
    for (const pair of pairs) {
      const pages = await this.#pages(pair, before, after);
      const change = mappingChange(pid, pair, pages, anew);
      const at = (pair.after ?? pair.before)?.start ?? 0n;
      if (change !== undefined) changes.push({ at, change });
    }
    changes.sort((a, b) => inOrder(a.at, b.at));
    for (const { change } of changes) this.#result.mappings.push(change);
  }

  /** Is it another run of the program? Its stack and its code were put elsewhere then. */
  #laidOutAnew(pid: number): boolean {
    const [before, after] = this.#memory.layouts.map((layouts) => layouts.get(pid));
    return before !== undefined && after !== undefined && before !== after;
  }

  /** Pages behind a pair of mappings: its own, and shared ones where nobody told them yet. */
  async #pages(
    pair: MappingPair,
    before: ProcessMemory | undefined,
    after: ProcessMemory | undefined,
  ): Promise<PageCounts | null> {
    const mapping = pair.after ?? pair.before;
    if (mapping?.backing !== "shared") {
      return this.#count(
        ranged(before, pair.before),
        ranged(after, pair.after),
        (pair.after?.start ?? 0n) - (pair.before?.start ?? 0n),
        (after ?? before)?.pageSize ?? 4096,
      );
    }
    return this.#shared(pair.before?.shmid, pair.after?.shmid, (after ?? before)?.pageSize);
  }

  async #shared(
    before: number | undefined,
    after: number | undefined,
    pageSize = 4096,
  ): Promise<PageCounts | null> {
    const { shared: old } = this.#memory.before;
    const { shared: now } = this.#memory.after;
    // What another process showed before, or shows now, is told with that one's mapping.
    if (before === undefined && after !== undefined && old.has(after)) return null;
    if (after === undefined && before !== undefined && now.has(before)) return null;
    const told =
      (before === undefined || this.#told.before.has(before)) &&
      (after === undefined || this.#told.after.has(after));
    if (told) return null;
    if (before !== undefined) this.#told.before.add(before);
    if (after !== undefined) this.#told.after.add(after);
    return this.#count(
      all(before === undefined ? undefined : old.get(before), pageSize),
      all(after === undefined ? undefined : now.get(after), pageSize),
      0n,
      pageSize,
    );
  }

  /** Shared memory that no process maps, such as a memfd that is held open. */
  async #unmapped(): Promise<void> {
    const { before, after } = this.#memory;
    const ids = new Set([...before.shared.keys(), ...after.shared.keys()]);
    for (const id of [...ids].sort((a, b) => a - b)) {
      const old = this.#told.before.has(id) ? undefined : before.shared.get(id);
      const now = this.#told.after.has(id) ? undefined : after.shared.get(id);
      if (old === undefined && now === undefined) continue;
      const pageSize = await this.#pairing.after.pageSize();
      const pages = await this.#count(all(old, pageSize), all(now, pageSize), 0n, pageSize);
      const facts = (store: PageStore | undefined): MappingFacts | null =>
        store === undefined ? null : unmappedFacts(id, store, pageSize);
      const change = changeOf(facts(old), facts(now), pages, false);
      if (change !== undefined) {
        this.#result.mappings.push({ pid: null, start: "0x0", pages, ...change });
      }
    }
  }

  /** Counts; what could not be read is a problem, and the rest is counted all the same. */
  async #count(
    before: Iterator<Stretch>,
    after: Iterator<Stretch>,
    shift: bigint,
    pageSize: number,
  ): Promise<PageCounts> {
    const counts = noPages(this.#comparer.compares);
    try {
      await this.#comparer.count(before, after, shift, pageSize, counts);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#problems.addFault("pages-not-compared", error);
    }
    addPages(this.#result.pages, counts);
    return counts;
  }
}

function none(): Iterator<Stretch> {
  return [][Symbol.iterator]();
}

/** A mapping's own pages: those of a file or of shared memory behind it are told elsewhere. */
function ranged(
  memory: ProcessMemory | undefined,
  mapping: Mapping | undefined,
): Iterator<Stretch> {
  const store = memory?.own;
  if (store === undefined || mapping === undefined) return none();
  return stretches(store, memory?.pageSize ?? 4096, mapping.start, mapping.end);
}

function all(store: PageStore | undefined, pageSize: number): Iterator<Stretch> {
  return store === undefined ? none() : stretches(store, pageSize, 0n, everything);
}
