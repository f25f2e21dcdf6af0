import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Find } from "./campaign.ts";
import type { TargetFigures, WorkerLine } from "./worker.ts";

type Tick = Extract<WorkerLine, { is: "tick" }>;
type Slow = Extract<WorkerLine, { is: "slow" }>;

/** The figures of a run. */
export class Tally {
  readonly #started = Date.now();
  readonly #root: string;
  readonly #finds = new Map<string, number>();
  readonly #codes = new Map<string, number>();
  readonly #targets = new Map<string, TargetFigures>();
  readonly #slow: Slow[] = [];
  #slowCount = 0;
  #cases = 0;
  #peakMiB = 0;
  #signals = 0;

  constructor(root: string) {
    this.#root = root;
  }

  get cases(): number {
    return this.#cases;
  }

  get finds(): number {
    return this.#finds.size;
  }

  tick({ done, codes, targets, signals, peakMiB }: Tick): void {
    this.#cases += done;
    this.#signals = Math.max(this.#signals, signals);
    this.#peakMiB = Math.max(this.#peakMiB, peakMiB);
    for (const [code, count] of codes) this.#codes.set(code, (this.#codes.get(code) ?? 0) + count);
    for (const [name, { cases, measured, cpu }] of targets) {
      const known = this.#targets.get(name) ?? { cases: 0, measured: 0, cpu: 0 };
      known.cases += cases;
      known.measured += measured;
      known.cpu += cpu;
      this.#targets.set(name, known);
    }
  }

  /** A worker did not live to tell of its last case. */
  died(): void {
    this.#cases += 1;
  }

  /** True where nothing like it was found before. */
  find({ signature }: Find): boolean {
    const known = this.#finds.get(signature) ?? 0;
    this.#finds.set(signature, known + 1);
    return known === 0;
  }

  slow(line: Slow): void {
    this.#slowCount += 1;
    this.#slow.push(line);
    this.#slow.sort((a, b) => b.cpu - a.cpu).splice(20);
  }

  get #seconds(): number {
    return (Date.now() - this.#started) / 1000;
  }

  line(): string {
    const rate = Math.round(this.#cases / this.#seconds);
    return `${Math.round(this.#seconds)} s: ${this.#cases} cases, ${rate} a second, ${this.#codes.size} problem codes, ${this.#signals} signals, ${this.finds} finds, ${this.#slowCount} slow, peak ${this.#peakMiB} MiB`;
  }

  document(): object {
    const known = problemCodes(this.#root);
    return {
      cases: this.#cases,
      seconds: Math.round(this.#seconds),
      casesPerSecond: Math.round(this.#cases / this.#seconds),
      peakMiB: this.#peakMiB,
      problemCodes: {
        met: this.#codes.size,
        neverMet: known.filter((code) => !this.#codes.has(code)),
      },
      signals: this.#signals,
      targets: Object.fromEntries(
        [...this.#targets].map(([name, { cases, measured, cpu }]) => [
          name,
          { cases, millisecondsEach: Number((cpu / measured).toFixed(2)) },
        ]),
      ),
      finds: Object.fromEntries(this.#finds),
      slowCases: this.#slowCount,
      slowest: this.#slow.slice(0, 5),
    };
  }

  summary(): string {
    const slowest = this.#slow[0];
    return [
      this.line(),
      ...[...this.#finds].map(([signature, count]) => `  ${count} × ${signature}`),
      `problem codes never met: ${
        problemCodes(this.#root)
          .filter((code) => !this.#codes.has(code))
          .join(", ") || "none"
      }`,
      slowest === undefined
        ? "no case was slow"
        : `slowest: ${slowest.cpu} ms of processor time, ${JSON.stringify(slowest.case)}`,
    ].join("\n");
  }
}

/** Codes that the sources know, where they are written out. */
function problemCodes(root: string): string[] {
  const text = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !/^(tui|kubelet|node|restore\/plan)\//.test(name))
    .map((name) => readFileSync(join(root, "src", name), "utf8"))
    .join("\n");
  const found = [
    ...text.matchAll(/severity: "(?:error|warning|note)",\s*code: "([a-z-]+)"/g),
    ...text.matchAll(/(?:addFault|damage)\(\s*"([a-z-]+)"/g),
  ].map(([, code]) => code as string);
  return [...new Set(found)].sort();
}
