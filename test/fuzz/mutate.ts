import { byteMutators } from "./mutators/bytes.ts";
import { imageMutators } from "./mutators/image.ts";
import { jsonMutators } from "./mutators/json.ts";
import type { Mutation } from "./mutators/mutator.ts";
import { packingMutators } from "./mutators/packing.ts";
import { nestedMutator, tarMutators } from "./mutators/tar.ts";
import { textMutators } from "./mutators/text.ts";
import type { Random } from "./random.ts";
import { copySubject, type Subject } from "./subject.ts";

const flat = [
  ...byteMutators,
  ...tarMutators,
  ...imageMutators,
  ...jsonMutators,
  ...textMutators,
  ...packingMutators,
];

function chooseOf(list: typeof flat, random: Random, subject: Subject): Mutation | undefined {
  // Most kinds fit most subjects; where none was found after so many tries, none does.
  for (let tries = 0; tries < 40; tries++) {
    const mutator = random.weighted(list);
    const parameters = mutator.choose(random, subject);
    if (parameters !== undefined) return { op: mutator.op, ...parameters };
  }
  return undefined;
}

const byOp = new Map(flat.map((mutator) => [mutator.op, mutator]));

function applyOf(subject: Subject, mutation: Mutation): void {
  const mutator = byOp.get(mutation.op);
  if (mutator === undefined) throw new Error(`no mutation is called ${mutation.op}`);
  mutator.apply(subject, mutation);
}

// Inside of an archive inside, everything but another one.
const nested = nestedMutator({
  choose: (random, subject) => chooseOf(flat, random, subject),
  apply: applyOf,
});
const all = [...flat, nested];
byOp.set(nested.op, nested);

/** Chooses a change of `subject` by chance. */
export function choose(random: Random, subject: Subject): Mutation | undefined {
  return chooseOf(all, random, subject);
}

/** A changed copy of `seed`. */
export function mutated(seed: Subject, mutations: readonly Mutation[]): Subject {
  const subject = copySubject(seed);
  for (const mutation of mutations) applyOf(subject, mutation);
  return subject;
}

/** Bytes of a subject from which no more is made of it. */
const mostBytes = 4 * 2 ** 20;

/** Chooses some changes one after the other, so that each fits what those before it left. */
export function chooseSome(random: Random, seed: Subject, before: readonly Mutation[]): Mutation[] {
  const subject = mutated(seed, before);
  const chosen = [...before];
  let left = random.once(3) ? 2 + random.below(4) : 1;
  for (; left > 0; left--) {
    const mutation = choose(random, subject);
    if (mutation === undefined) break;
    applyOf(subject, mutation);
    chosen.push(mutation);
    // Changes that each make much of little would make what takes minutes to write.
    if (subject.parts.reduce((sum, { body }) => sum + body.length, 0) > mostBytes) break;
  }
  return chosen;
}
