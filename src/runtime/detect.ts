import type { ProblemLog } from "../base/problem.ts";
import { commonIdentity } from "./common-metadata.ts";
import type { Documents } from "./documents.ts";
import { type Engine, formats, type KnownEngine, knownEngines } from "./engine.ts";
import type { Evidence, Identity } from "./format.ts";

/** The engine and why we think so. */
export interface Detection {
  engine: Engine;
  evidence: string[];
}

/** A fact, and the engine that it speaks for. */
type Mark = Evidence & { engine: KnownEngine };

/**
 * Tells who made an archive from its files. Nothing found is `unknown`, never a guess; engines
 * that contradict one another are `unknown` too, with a problem.
 * @param bare is it a dump, without a container engine's metadata?
 */
export async function detect(
  documents: Documents,
  bare: boolean,
  problems: ProblemLog,
): Promise<Detection> {
  const all: Mark[] = [];
  for (const engine of knownEngines) {
    const evidence = await formats[engine].evidence(documents);
    all.push(...evidence.map((fact) => ({ engine, ...fact })));
  }
  const scores = score(all);
  const [first, second] = scores;
  if (first === undefined) {
    return bare
      ? { engine: "criu", evidence: ["CRIU images without config.dump and spec.dump"] }
      : { engine: "unknown", evidence: [] };
  }
  // Two that name themselves, or two of which neither has more to say for it.
  if (second !== undefined && (second.strong || second.points === first.points)) {
    problems.add({
      severity: "warning",
      code: "engine-contradiction",
      message: `the archive bears marks of ${first.engine} and of ${second.engine}, so neither is believed`,
    });
    return { engine: "unknown", evidence: all.map(({ engine, fact }) => `${engine}: ${fact}`) };
  }
  const evidence = all.filter(({ engine }) => engine === first.engine).map(({ fact }) => fact);
  // A single file of a common name proves nothing.
  return first.points < 2 ? { engine: "unknown", evidence } : { engine: first.engine, evidence };
}

function score(all: Mark[]): { engine: Engine; points: number; strong: boolean }[] {
  const scores = new Map<Engine, { engine: Engine; points: number; strong: boolean }>();
  for (const { engine, strong } of all) {
    const entry = scores.get(engine) ?? { engine, points: 0, strong: false };
    entry.points += strong ? 4 : 1;
    entry.strong ||= strong;
    scores.set(engine, entry);
  }
  return [...scores.values()].sort((a, b) => b.points - a.points);
}

/** Whose checkpoint it is, from the metadata that its engine writes. */
export async function identity(engine: Engine, documents: Documents): Promise<Identity> {
  if (engine === "criu" || engine === "unknown") {
    return commonIdentity(await documents.object("config.dump"));
  }
  return formats[engine].identity(documents);
}
