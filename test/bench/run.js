// `npm run bench`: how fast is the built command, and how much memory does it take?
//
//   node test/bench/run.js [--quick] [--json FILE] [--dir DIR]
//
// Prints medians of runs in turns, and how they compare. Nothing fails on a time: machines differ
// and are busy; a ratio within one run is what can be compared. The archives lie in a private folder
// below DIR (default: the system's for temporary files) while this runs; sparse ones take no room,
// compressed ones about 1 GiB.
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeCompressed, writeSmall, writeSparse } from "./archives.js";
import { measureAudit } from "./audit.js";
import { findCheckpointctl } from "./checkpointctl.js";
import { empty, mixed, real, text } from "./contents.js";
import { measureDiff } from "./diff.js";
import { measureExecutable } from "./executable.js";
import { measureImage } from "./image.js";
import { interleave, MemoryMeter, run, stop, summary } from "./measure.js";
import { measureDump, measureMemory, measureTexts } from "./memory.js";
import { measureMerge } from "./merge.js";
import { measureRemote } from "./remote.js";
import { measureSecrets } from "./secrets.js";
import { printGroup, printTitle } from "./table.js";
import { hasTerminal, measureTui } from "./tui.js";

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const node = process.execPath;
const command = fileURLToPath(new URL("../../bin/cryoscope.cjs", import.meta.url));
// A caller who is not root cannot make files that belong to root.
const permissions = process.getuid?.() === 0 ? [] : ["--permissions", "owner"];

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "string" },
    dir: { type: "string", default: tmpdir() },
  },
});
const rounds = options.quick ? { short: 9, long: 1 } : { short: 41, long: 5 };

const parent = resolve(options.dir);
const folder = mkdtempSync(join(parent, "cryoscope-bench-")); // 0700, says mkdtemp(3)
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
// Whoever reads us may have seen enough (`| head`).
process.stdout.on("error", () => process.exit(0));
for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.on(signal, () => {
    stop();
    process.exit(code);
  });
}

const memory = new MemoryMeter(folder);
const groups = [];
await measureAll();
if (options.json !== undefined) {
  const machine = { node: process.version, cpu: cpus()[0]?.model, cpus: cpus().length };
  const document = { date: new Date().toISOString(), ...machine, load: loadavg(), groups };
  writeFileSync(options.json, `${JSON.stringify(document, null, 2)}\n`);
}

async function measureAll() {
  await memory.prepare();
  const load = loadavg().map((value) => value.toFixed(1));
  printTitle(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, load ${load.join(" ")}`,
  );
  const small = archive("small.tar", "300 KB");
  writeSmall(small.path);
  await check(small);
  await startUp(small);
  await measureExecutable({
    version: [node, command, "--version"],
    inspect: cryoscope("inspect", small),
    rounds: rounds.short,
    measure,
  });

  const sparse = [
    archive("256m.tar", "256 MiB"),
    archive("2g.tar", "2 GiB"),
    archive("64g.tar", "64 GiB"),
  ];
  for (const [index, size] of [256 * MiB, 2 * GiB, 64 * GiB].entries()) {
    writeSparse(sparse[index].path, size);
    await check(sparse[index]);
  }
  await plain([small, ...sparse.slice(1)]);
  await plan(sparse[2]);
  const inspect = (path) => [node, command, "inspect", ...permissions, path];
  await measureRemote({ archive: sparse[2], words: inspect, run, measure, rounds: rounds.short });
  const few = { few: options.quick ? 1 : 3, short: rounds.short };
  await measureAudit({ folder, small, large: sparse[2], cryoscope, measure, rounds: few });
  await measureMerge({ folder, small, cryoscope, measure, rounds: few });
  if (hasTerminal()) {
    await measureTui({ folder, archive: sparse[2], permissions, rounds: rounds.short, add });
  } else console.log("\nThe terminal UI: there is no script (util-linux) to give it a terminal");

  const packed = [
    await compressed("1g.tar.gz", "1 GiB gzip", ["gzip", "-1"], ["gzip", "-dc"], 1.2),
    await compressed("1g.tar.zst", "1 GiB zstd", ["zstd", "-q", "-c"], ["zstd", "-q", "-dc"]),
  ];
  await memoryGroups();
  const diff = (one, two) => [node, command, "diff", ...permissions, one, two];
  await measureDiff({ folder, diff, measure, rounds: options.quick ? 1 : 5 });
  const all = [small, ...sparse, ...packed].filter((one) => one !== undefined);
  await peer(options.quick ? all.filter(({ size }) => size !== "64 GiB") : all);
}

async function memoryGroups() {
  const wordsFor =
    ({ path }) =>
    (verb, ...more) => [node, command, "memory", verb, ...permissions, path, ...more];
  const few = { short: options.quick ? 5 : 11, long: options.quick ? 1 : 3 };
  const one = archive("2g-real.tar", "2 GiB");
  await writeCompressed(one.path, 2 * GiB, ["cat"]);
  await check(one);
  const about = { ...one, memory: wordsFor(one), measure, rounds: few };
  await measureMemory(about);
  await measureSecrets({ ...about, name: "mixed memory", folder });
  const copies = join(folder, "copies");
  const before = () => {
    rmSync(copies, { recursive: true, force: true });
    mkdirSync(copies, { mode: 0o700 });
  };
  await measureDump({ ...about, folder: copies, before });
  const image = (path, to) => [
    node,
    command,
    "restore",
    "image",
    ...permissions,
    path,
    "-q",
    "--output-file",
    to,
  ];
  await measureImage({ ...about, folder: copies, before, image });
  rmSync(copies, { recursive: true });
  rmSync(one.path);

  const contents = {
    "memory that is nearly empty": empty,
    "pages of real processes": real,
    "mixed memory": mixed,
    "memory full of text": text,
  };
  for (const [name, make] of Object.entries(contents)) {
    const dense = archive("1g-dense.tar", "1 GiB");
    await writeCompressed(dense.path, GiB, ["cat"], make());
    await check(dense);
    await measureTexts({ ...dense, name, memory: wordsFor(dense), measure, rounds: few });
    rmSync(dense.path);
  }
}

function archive(name, size) {
  return { path: join(folder, name), size };
}

function cryoscope(verb, { path }, ...more) {
  return [node, command, verb, ...permissions, ...more, path];
}

/** What would be measured on an archive that is not read well would say nothing. */
async function check(one) {
  const words = [...cryoscope("inspect", one), "-o", "json"];
  const { status, text } = await run(words, { output: true });
  const problems =
    status === 0 ? JSON.parse(text).problems : [{ message: `exit status ${status}` }];
  for (const { message } of problems) console.log(`  ! ${one.size}: ${message}`);
}

async function startUp(small) {
  await measure("Start-up", rounds.short, [
    { label: "node -e 0", words: [node, "-e", "0"] },
    { label: "--version", words: [node, command, "--version"], limit: 1.25 },
    { label: "inspect 300 KB", words: cryoscope("inspect", small), limit: 1.6 },
  ]);
}

async function plain(archives) {
  for (const verb of ["inspect", "list", "images"]) {
    const entries = archives.map((one) => ({
      label: `${verb} ${one.size}`,
      words: cryoscope(verb, one),
    }));
    if (verb === "inspect") Object.assign(entries.at(-1), { limit: 1.2, peakLimit: 120 * MiB });
    await measure(`${verb}, plain (sparse)`, rounds.short, entries);
  }
}

/** What a restore asks for is told without reading pages. */
async function plan(large) {
  await measure(`restore plan of ${large.size}`, rounds.short, [
    { label: `inspect ${large.size}`, words: cryoscope("inspect", large) },
    {
      label: `restore plan ${large.size}`,
      words: [node, command, "restore", "plan", ...permissions, large.path],
      limit: 2,
      peakLimit: 150 * MiB,
    },
  ]);
}

/** Undefined where the tool that compresses is not installed. */
async function compressed(name, size, pack, unpack, limit) {
  const one = archive(name, size);
  if ((await run([pack[0], "--version"]).catch(() => ({}))).status !== 0) {
    console.log(`\n${size}: ${pack[0]} is not here`);
    return undefined;
  }
  await writeCompressed(one.path, GiB, pack);
  await check(one);
  const share = ((statSync(one.path).size / GiB) * 100).toFixed(0);
  await measure(`inspect, ${size} (${share} % of its size)`, rounds.long, [
    { label: `${unpack.join(" ")} >/dev/null`, words: [...unpack, one.path] },
    { label: `inspect ${size}`, words: cryoscope("inspect", one), limit },
  ]);
  return one;
}

/** Measures commands against the first of them; `before` is done before each run, and not timed. */
async function measure(title, count, entries, before = () => {}) {
  const times = await interleave(
    entries.map(({ words }) => words),
    count,
    (words) => {
      before();
      return run(words);
    },
  );
  const rows = [];
  for (const [index, { label, words, limit, peakLimit }] of entries.entries()) {
    before();
    const peak = await memory.peak(words, count === rounds.short ? 3 : 1);
    const ratio = index === 0 ? undefined : times[index].median / times[0].median;
    rows.push({ label, ...times[index], ratio, limit, peak, peakLimit });
  }
  add({ title, against: entries[0].label, rows });
  return rows;
}

async function peer(archives) {
  const peerTool = await findCheckpointctl(parent, memory);
  if (peerTool === undefined) {
    console.log("\ncheckpointctl inspect: not here");
    return;
  }
  for (const one of archives) {
    const theirs = { label: `checkpointctl ${one.size}`, times: [], status: 0, peak: undefined };
    const ours = { label: `cryoscope ${one.size}`, times: [], status: 0 };
    // It copies out all memory, so one run of a large archive takes minutes.
    for (let left = rounds.long; left > 0; left -= 1) {
      const { ms, status, peak } = await peerTool.inspect(one.path);
      theirs.times.push(ms);
      if (status !== 0) theirs.status = status;
      if (peak !== undefined) theirs.peak = Math.max(theirs.peak ?? 0, peak);
      const own = await run(cryoscope("inspect", one));
      ours.times.push(own.ms);
      if (own.status !== 0) ours.status = own.status;
      if (ms > 30_000) break;
    }
    ours.peak = await memory.peak(cryoscope("inspect", one), 1);
    const rows = [theirs, ours].map(({ times, ...rest }) => ({ ...rest, ...summary(times) }));
    rows[1].ratio = rows[1].median / rows[0].median;
    if (one.size !== "300 KB") rows[1].limit = 1;
    add({ title: `checkpointctl inspect, ${one.size}`, against: rows[0].label, rows });
  }
}

function add(group) {
  groups.push(group);
  printGroup(group);
}
