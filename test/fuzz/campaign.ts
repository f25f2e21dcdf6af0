import { ProblemLog } from "../../src/base/problem.ts";
import { type Case, makeCase, runCase, type Workplace } from "./case.ts";
import { Finding } from "./oracle.ts";
import { Random } from "./random.ts";
import type { SeedKind } from "./seeds.ts";
import { shape } from "./shape.ts";

/** Something that a case found. */
export interface Find {
  /** The same for cases that found the same. */
  signature: string;
  message: string;
  case: Case;
}

export interface CaseResult {
  made: Case;
  find: Find | undefined;
  /** Processor time in milliseconds, where it was asked for. */
  cpu: number | undefined;
  /** Milliseconds that passed. */
  wall: number;
}

/** Problem codes that were met, which tell how far the cases reach. */
export class CodeMeter {
  readonly codes = new Map<string, number>();
  #fresh: string[] = [];

  /** Listens to every log of problems in this process. */
  listen(): void {
    const add = ProblemLog.prototype.add;
    const met = this.#met.bind(this);
    ProblemLog.prototype.add = function listened(problem) {
      met(problem.code, problem.message);
      add.call(this, problem);
    };
  }

  #met(code: string, message: string): void {
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    // Page tables can have a thousand alike.
    if (this.#fresh.length < 64) this.#fresh.push(`${code} ${shape(message)}`);
  }

  /** What was met since the last call. */
  take(): string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}

/** Cases that showed something new, to go on from. */
const kept = 1000;
/** Milliseconds that one of those may take. */
const slowParent = 100;

/** Makes and runs cases one after the other. */
export class Campaign {
  readonly #place: Workplace;
  readonly #meter: CodeMeter;
  readonly #only: string | undefined;
  readonly #signals = new Set<string>();
  readonly #grown = new Map<SeedKind, Case[]>();
  constructor(place: Workplace, meter: CodeMeter, only?: string) {
    this.#place = place;
    this.#meter = meter;
    this.#only = only;
  }

  /** Different things that cases showed. */
  get signals(): number {
    return this.#signals.size;
  }

  /** Chooses case `number` of a run with `seed`. */
  make(seed: number, number: number): Case {
    const random = new Random(seed, number);
    return makeCase(random, this.#place, this.#only, (kind) => {
      const list = this.#grown.get(kind) ?? [];
      return list.length === 0 ? undefined : random.pick(list);
    });
  }

  /** `measured` asks for the processor time, which takes a fifth as long as a small case. */
  async run(made: Case, measured = false): Promise<CaseResult> {
    const started = performance.now();
    const before = measured ? process.cpuUsage() : undefined;
    let fresh = false;
    const find = await tryCase(this.#place, made, (signals) => {
      fresh = this.#learn(made, signals);
    });
    const used = before && process.cpuUsage(before);
    const cpu = used && (used.user + used.system) / 1000;
    const wall = performance.now() - started;
    // What is slow would make all that is built on it slow.
    if (fresh && wall < slowParent) this.#keep(made);
    return { made, find, cpu, wall };
  }

  /** True where a case showed something that none before it did. */
  #learn(made: Case, signals: readonly string[]): boolean {
    let fresh = false;
    for (const signal of [...signals, ...this.#meter.take()]) {
      const key = `${made.target}|${signal}`;
      if (this.#signals.has(key) || this.#signals.size > 50_000) continue;
      this.#signals.add(key);
      fresh = true;
    }
    return fresh;
  }

  #keep(made: Case): void {
    const { kind } = this.#place.seed(made.seed);
    const list = this.#grown.get(kind) ?? [];
    // The oldest have been built upon most.
    if (list.length >= kept) list.shift();
    list.push(made);
    this.#grown.set(kind, list);
  }
}

/** Runs a case; what it found, if anything. */
export async function tryCase(
  place: Workplace,
  made: Case,
  learn: (signals: readonly string[]) => void = () => {},
): Promise<Find | undefined> {
  try {
    learn(await runCase(place, made));
    return undefined;
  } catch (error) {
    const { message, stack = "" } = error as Error;
    return {
      signature: signatureOf(made, error as Error),
      message: `${message}\n${stack.slice(0, 3000)}`,
      case: made,
    };
  }
}

/** Where it broke: the first line of our own in a stack, else the message. */
function signatureOf({ target }: Case, error: Error): string {
  const text = `${error.message}\n${error instanceof Finding ? "" : (error.stack ?? "")}`;
  const frame = /\((?:[^()]*\/)?(src\/[^():]+:\d+)/.exec(text)?.[1];
  const what = error instanceof Finding ? error.what : error.name;
  if (frame !== undefined) return `${what} at ${frame}`;
  return `${target}: ${what}: ${shape(error.message.split("\n", 1)[0] ?? "")}`;
}

/** Leaves out whatever the find does not need. */
export async function shrink(place: Workplace, find: Find): Promise<Find> {
  let best = find;
  for (let at = 0; at < best.case.mutations.length; ) {
    const mutations = best.case.mutations.filter((_, index) => index !== at);
    const smaller = await tryCase(place, { ...best.case, mutations });
    if (smaller?.signature === find.signature) best = smaller;
    else at += 1;
  }
  return best;
}
