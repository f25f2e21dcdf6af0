import type { Random } from "../random.ts";
import type { Part, Subject } from "../subject.ts";

/** One change, as data: what is kept of a find. Everything that chance chose stands in it. */
export interface Mutation {
  op: string;
  /** Name of the part that it is made to. */
  part?: string;
  [parameter: string]: unknown;
}

/** A kind of change: chosen by chance, and made by what was chosen alone. */
export interface Mutator {
  op: string;
  weight: number;
  /** Undefined where the subject has nothing to change this way. */
  choose(random: Random, subject: Subject): Omit<Mutation, "op"> | undefined;
  /** A change that no longer fits is passed over, so that lists of changes can be shortened. */
  apply(subject: Subject, mutation: Mutation): void;
}

/** Where a mutation's part is; -1 where it went. */
export function partIndex(subject: Subject, { part }: Mutation): number {
  return subject.parts.findIndex(({ name }) => name === part);
}

/** Changes the part that a mutation names. */
export function changePart(
  subject: Subject,
  mutation: Mutation,
  change: (part: Part) => Part | undefined,
): void {
  const at = partIndex(subject, mutation);
  const changed = at === -1 ? undefined : change(subject.parts[at] as Part);
  if (changed !== undefined) subject.parts[at] = changed;
}

/** A part of which something can be said, by its name. */
export function pickPart(
  random: Random,
  subject: Subject,
  fits: (part: Part) => boolean,
): Part | undefined {
  const fitting = subject.parts.filter(fits);
  return fitting.length === 0 ? undefined : random.pick(fitting);
}
