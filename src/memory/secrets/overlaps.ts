import type { Sighted } from "./examine.ts";

const proofs = { form: 1, structure: 2, checksum: 3 } as const;

/** How sure it is what a secret is: an assignment knows nothing but the name before it. */
export function surety({ by, judgement }: Pick<Sighted, "by" | "judgement">): number {
  return proofs[judgement.proof] + (by.group === "assignment" ? 0 : 3);
}

/** More than that overlap only where somebody means harm. */
const mostPending = 512;

/**
 * Several detectors may tell the same characters, or a part of what another tells: the surest counts.
 * Takes what is found in the order of keywords, and gives it on in groups that touch no other.
 */
export class Overlaps {
  readonly #give: (sighted: Sighted) => void;
  /** How far before its keyword a secret may begin. */
  readonly #before: number;
  #pending: Sighted[] = [];
  #end = 0;

  constructor(before: number, give: (sighted: Sighted) => void) {
    this.#before = before;
    this.#give = give;
  }

  /** @param at where the keyword stands: never before that of an earlier call. */
  add(at: number, sighted: readonly Sighted[]): void {
    if (this.#pending.length > 0 && at - this.#before >= this.#end) this.flush();
    if (this.#pending.length >= mostPending) this.flush();
    for (const one of sighted) {
      this.#pending.push(one);
      this.#end = Math.max(this.#end, one.end);
    }
  }

  flush(): void {
    for (const one of surest(this.#pending)) this.#give(one);
    this.#pending = [];
    this.#end = 0;
  }
}

/** Of secrets that overlap the surest, in their order. */
export function surest(all: readonly Sighted[]): Sighted[] {
  const ordered = all
    .map((one, order) => ({ one, order, rank: surety(one) }))
    .sort((a, b) => a.one.start - b.one.start || a.order - b.order);
  const kept: Sighted[] = [];
  let run: Ranked[] = [];
  let end = 0;
  for (const ranked of ordered) {
    if (run.length > 0 && ranked.one.start >= end) {
      kept.push(...surestOfRun(run));
      run = [];
    }
    end = run.length === 0 ? ranked.one.end : Math.max(end, ranked.one.end);
    run.push(ranked);
  }
  kept.push(...surestOfRun(run));
  return kept;
}

interface Ranked {
  one: Sighted;
  order: number;
  rank: number;
}

/** The same of secrets that hang together: few, where nobody means harm. */
function surestOfRun(run: Ranked[]): Sighted[] {
  if (run.length < 2) return run.map(({ one }) => one);
  const kept: Sighted[] = [];
  for (const { one } of run.sort((a, b) => b.rank - a.rank || a.order - b.order)) {
    if (kept.every(({ start, end }) => end <= one.start || one.end <= start)) kept.push(one);
  }
  return kept.sort((a, b) => a.start - b.start);
}
