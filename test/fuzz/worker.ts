// A process that runs cases: node worker.mjs OPTIONS (JSON). Says on stdout what happened, a line of
// JSON each; its progress file holds the case that runs, so that the watchdog knows it.
import { ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Campaign, CodeMeter, shrink } from "./campaign.ts";
import { Workplace } from "./case.ts";
import { loadSeeds } from "./seeds.ts";

export interface WorkerOptions {
  root: string;
  /** Parent of the worker's private folder. */
  scratch: string;
  progressFile: string;
  seed: number;
  /** The first case, and how far the next is. */
  from: number;
  step: number;
  cases: number;
  /** Milliseconds since 1970 after which no case begins. */
  until: number | null;
  target: string | null;
}

export interface TargetFigures {
  cases: number;
  measured: number;
  /** Milliseconds of the measured ones. */
  cpu: number;
}

export type WorkerLine =
  | {
      is: "tick";
      done: number;
      codes: [string, number][];
      targets: [string, TargetFigures][];
      signals: number;
      peakMiB: number;
    }
  | { is: "find"; number: number; signature: string; message: string; case: object }
  | { is: "slow"; number: number; cpu: number; wall: number; case: object }
  | { is: "end"; next: number };

/** Milliseconds of processor time from which a case is told as slow. */
const slow = 250;
/** Of so many cases in a row, one is measured. */
const measuredStep = 32;

const options = JSON.parse(process.argv[2] ?? "") as WorkerOptions;
const say = (line: WorkerLine): void => {
  writeSync(1, `${JSON.stringify(line)}\n`);
};

const folder = mkdtempSync(join(options.scratch, "worker-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.chdir(folder);
// Nobody may have left a promise without an answer.
process.on("unhandledRejection", (error) => {
  throw error;
});

const place = new Workplace(folder, await loadSeeds(options.root));
const meter = new CodeMeter();
meter.listen();
const campaign = new Campaign(place, meter, options.target ?? undefined);
const progress = openSync(options.progressFile, "w", 0o600);

/** The most memory that this process ever had, in MiB. */
function peak(): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Math.round(Number(kilobytes ?? 0) / 1024);
}

function note(current: object): void {
  const text = Buffer.from(JSON.stringify(current));
  writeSync(progress, text, 0, text.length, 0);
  ftruncateSync(progress, text.length);
}

let done = 0;
let next = options.from;
let told = Date.now();
/** Of each target: cases, and what the measured ones of them took. */
const targets = new Map<string, TargetFigures>();

function count(name: string, cpu: number | undefined): void {
  const figures = targets.get(name) ?? { cases: 0, measured: 0, cpu: 0 };
  figures.cases += 1;
  if (cpu !== undefined) {
    figures.measured += 1;
    figures.cpu += cpu;
  }
  targets.set(name, figures);
}

const tick = (): void => {
  say({
    is: "tick",
    done,
    codes: [...meter.codes],
    targets: [...targets],
    signals: campaign.signals,
    peakMiB: peak(),
  });
  meter.codes.clear();
  targets.clear();
  done = 0;
  told = Date.now();
};

for (; next < options.cases; next += options.step) {
  if (options.until !== null && Date.now() >= options.until) break;
  note({ number: next });
  const made = campaign.make(options.seed, next);
  note({ number: next, case: made });
  const { find, cpu, wall } = await campaign.run(made, next % measuredStep < options.step);
  done += 1;
  count(made.target, cpu);
  if (find !== undefined) say({ is: "find", number: next, ...(await shrink(place, find)) });
  // On a busy machine much is slow that is not at fault: once more, by the processor's clock.
  if (wall > slow) {
    const again = await campaign.run(made, true);
    const spent = Math.round(again.cpu ?? 0);
    if (spent > slow)
      say({ is: "slow", number: next, cpu: spent, wall: Math.round(wall), case: made });
  }
  if (Date.now() - told > 1000) tick();
}
tick();
say({ is: "end", next });
