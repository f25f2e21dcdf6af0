// The fuzzer's main process: starts workers, watches them, gathers what they say. Called by run.js.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { type Find, tryCase } from "./campaign.ts";
import { type Case, targetNames, Workplace } from "./case.ts";
import { findFile } from "./find-file.ts";
import { describeMutation } from "./mutators/bytes.ts";
import { loadSeeds } from "./seeds.ts";
import { Tally } from "./tally.ts";
import { Watch } from "./watch.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: "string", default: "20000" },
    seconds: { type: "string" },
    jobs: { type: "string", default: String(availableParallelism()) },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    target: { type: "string" },
    keep: { type: "string" },
    json: { type: "string" },
    replay: { type: "boolean", default: false },
  },
});
const [root = ".", ...files] = positionals;
if (options.target !== undefined && !targetNames.includes(options.target)) {
  console.error(`fuzz: there is no target ${options.target}; there are ${targetNames.join(", ")}`);
  process.exit(2);
}

// Memory, where there is some for files: a million files are written.
const scratch = mkdtempSync(join(isFolder("/dev/shm") ? "/dev/shm" : tmpdir(), "cryoscope-fuzz-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
process.exitCode = options.replay ? await replay(files) : await campaign();

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Runs finds again; exit code 1 where one still is. */
async function replay(paths: readonly string[]): Promise<number> {
  const place = new Workplace(mkdtempSync(join(scratch, "replay-")), await loadSeeds(root));
  let broken = 0;
  for (const path of paths) {
    const made = (JSON.parse(readFileSync(path, "utf8")) as { case: Case }).case;
    console.log(`${basename(path)}: ${made.target} of ${made.seed}`);
    for (const mutation of made.mutations) console.log(`  ${describeMutation(mutation)}`);
    const find = await tryCase(place, made);
    console.log(find === undefined ? "  holds" : `  ${find.signature}\n${find.message}`);
    if (find !== undefined) broken += 1;
  }
  return broken === 0 ? 0 : 1;
}

async function campaign(): Promise<number> {
  const first = Number(options.first);
  const jobs = Math.max(1, Number(options.jobs));
  const cases = first + Number(options.cases);
  const until = options.seconds === undefined ? null : Date.now() + 1000 * Number(options.seconds);
  const keep = options.keep ?? join(root, "test/fuzz/finds");
  mkdirSync(keep, { recursive: true, mode: 0o700 });
  const tally = new Tally(root);
  const keepFind = (number: number, find: Find): void => {
    if (!tally.find(find)) return;
    const { name, text } = findFile(find, Number(options.seed), number);
    writeFileSync(join(keep, name), text);
    console.log(`found ${find.signature} (case ${number}, ${name})`);
  };
  const watches = Array.from({ length: jobs }, (_, job) =>
    new Watch(
      {
        root,
        scratch,
        progressFile: join(scratch, `progress-${job}`),
        seed: Number(options.seed),
        from: first + job,
        step: jobs,
        cases,
        until,
        target: options.target ?? null,
      },
      { tally, find: keepFind },
    ).run(),
  );
  const figures = (): void => {
    if (options.json === undefined) return;
    writeFileSync(options.json, `${JSON.stringify(tally.document(), null, 2)}\n`);
  };
  const report = setInterval(() => {
    console.log(tally.line());
    figures();
  }, 10_000);
  await Promise.all(watches);
  clearInterval(report);
  console.log(tally.summary());
  figures();
  // A run without a case has shown nothing.
  return tally.finds === 0 && tally.cases > 0 ? 0 : 1;
}
