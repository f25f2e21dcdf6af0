import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chooseSome, mutated } from "./mutate.ts";
import type { Mutation } from "./mutators/mutator.ts";
import { Finding, judgeFault, judgeRun, judgeSame, judgeWritten } from "./oracle.ts";
import type { Random } from "./random.ts";
import type { Seed, SeedKind } from "./seeds.ts";
import { shape } from "./shape.ts";
import { joinParts, type Subject, subjectBytes } from "./subject.ts";
import { type Ran, runCommand } from "./targets/command.ts";
import { decodeAndEncode } from "./targets/round-trip.ts";
import { compareTarReaders } from "./targets/tar-readers.ts";
import { type CommandTarget, commandTargets } from "./targets/words.ts";

/** All that a case is: enough to repeat it. */
export interface Case {
  target: string;
  /** Words of the command, where the target is one; FILE is the mutant. */
  words?: string[];
  /** By standard input instead of a file. */
  pipe?: boolean;
  /** Run again, for the same answer. */
  twice?: boolean;
  seed: string;
  mutations: Mutation[];
}

/** What a case showed: short texts that are the same for cases which show the same. */
export type Signals = string[];

type Target = Pick<CommandTarget, "name" | "kind" | "weight">;

const libraryTargets: readonly Target[] = [
  { name: "tar readers", kind: "tar", weight: 600 },
  { name: "tar readers, whole", kind: "archive", weight: 40 },
  { name: "round trip", kind: "image", weight: 1100 },
  { name: "round trip, pretty", kind: "image", weight: 350 },
];

const allTargets: readonly Target[] = [...commandTargets, ...libraryTargets];
const byName = new Map<string, CommandTarget>(
  commandTargets.map((target) => [target.name, target]),
);

/** Names of all targets. */
export const targetNames: readonly string[] = allTargets.map(({ name }) => name);

/** A private folder with what the commands read and write. */
export class Workplace {
  readonly folder: string;
  readonly #seeds: ReadonlyMap<string, Seed>;
  readonly #byKind = new Map<SeedKind, Seed[]>();
  readonly #laid = new Set<string>();

  constructor(folder: string, seeds: readonly Seed[]) {
    this.folder = folder;
    this.#seeds = new Map(seeds.map((seed) => [seed.name, seed]));
    for (const seed of seeds) {
      this.#byKind.set(seed.kind, [...(this.#byKind.get(seed.kind) ?? []), seed]);
    }
    for (const name of ["in", "out", "seeds"]) mkdirSync(join(folder, name), { mode: 0o700 });
  }

  seed(name: string): Seed {
    const seed = this.#seeds.get(name);
    if (seed === undefined) throw new Error(`there is no seed ${name}`);
    return seed;
  }

  ofKind(kind: SeedKind): readonly Seed[] {
    return this.#byKind.get(kind) ?? [];
  }

  /** Path of a seed as it is. */
  lay(name: string): string {
    const path = join(this.folder, "seeds", `${name.replaceAll(/[^\w.-]/g, "_")}`);
    if (!this.#laid.has(name))
      writeFileSync(path, subjectBytes(this.seed(name).subject), { mode: 0o600 });
    this.#laid.add(name);
    return path;
  }
}

/** Chooses a case. `grown` gives cases to go on from, which showed something new. */
export function makeCase(
  random: Random,
  place: Workplace,
  only: string | undefined,
  grown: (kind: SeedKind) => Case | undefined,
): Case {
  const target =
    only === undefined ? random.weighted(allTargets) : allTargets.find(({ name }) => name === only);
  if (target === undefined) throw new Error(`there is no target ${only}`);
  const parent = random.once(3) ? grown(target.kind) : undefined;
  const seed =
    parent === undefined ? random.weighted(place.ofKind(target.kind)) : place.seed(parent.seed);
  const before = parent !== undefined && parent.mutations.length < 8 ? parent.mutations : [];
  const mutations = chooseSome(random, seed.subject, before);
  const made: Case = { target: target.name, seed: seed.name, mutations };
  const command = byName.get(target.name);
  if (command !== undefined) {
    made.words = command.words(random);
    if (command.pipe === true && random.once(10)) made.pipe = true;
    if (command.writes !== true && random.once(20)) made.twice = true;
  }
  return made;
}

/** Runs a case. Throws a Finding, or whatever else the code under test let through. */
export async function runCase(place: Workplace, made: Case): Promise<Signals> {
  const subject = mutated(place.seed(made.seed).subject, made.mutations);
  if (made.target.startsWith("tar readers")) return compareTarReaders(joinedTar(subject));
  if (made.target.startsWith("round trip")) {
    return decodeAndEncode(subjectBytes(subject), made.target.endsWith("pretty"));
  }
  return command(place, made, subject);
}

/** The readers of tar are compared on what is inside of a compression. */
function joinedTar(subject: Subject): Buffer {
  return subject.edits.tar.length === 0
    ? joinParts(subject)
    : subjectBytes({ ...subject, packing: "none", edits: { ...subject.edits, packed: [] } });
}

async function command(place: Workplace, made: Case, subject: Subject): Promise<Signals> {
  const bytes = subjectBytes(subject);
  const folders = { in: join(place.folder, "in"), out: join(place.folder, "out") };
  const path = join(folders.in, subject.fileName);
  const pipe = made.pipe === true;
  if (!pipe) writeFileSync(path, bytes, { mode: 0o600 });
  const words = (made.words ?? []).map((word) =>
    word === "FILE"
      ? pipe
        ? "-"
        : path
      : word === "SEED"
        ? place.lay(made.seed)
        : word.replace("OUT", folders.out),
  );
  try {
    const run = (): Promise<Ran> => runCommand([...words, "--debug"], pipe ? bytes : undefined);
    const ran = await run();
    const format = words[words.indexOf("-o") + 1];
    const target = byName.get(made.target);
    judgeRun(ran, {
      format: words.includes("-o") ? (format as string) : "table",
      raw: target?.raw === true,
      usage: target?.usage === true,
    });
    if (format === "json") judgeFault(ran.err);
    if (made.twice === true) judgeSame(ran, await run());
    judgeWritten(folders.out);
    judgeInput(folders.in, pipe ? [] : [subject.fileName]);
    return [`exit ${ran.code}`, ...shapes(ran.err)];
  } finally {
    for (const folder of Object.values(folders)) empty(folder);
  }
}

function judgeInput(folder: string, expected: readonly string[]): void {
  const there = readdirSync(folder);
  if (there.join() !== expected.join())
    throw new Finding("written beside the archive", there.join());
}

function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
}

/** Messages without what is of this one archive. */
function shapes(err: string): string[] {
  return err
    .split("\n", 4)
    .filter((line) => !line.startsWith("    at "))
    .map((line) => shape(line));
}
