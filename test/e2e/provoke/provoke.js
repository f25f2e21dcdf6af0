// Provokes each case and compares what `explain` says; see run.sh, which calls it.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cases } from "./cases.js";

const cryoscope = fileURLToPath(new URL("../../../bin/cryoscope.cjs", import.meta.url));
const workload = fileURLToPath(new URL("workload.py", import.meta.url));
const criuPath = execFileSync("sh", ["-c", "command -v criu"], { encoding: "utf8" }).trim();
const [excerpts] = process.argv.slice(2);
const criuVersion = execFileSync(criuPath, ["--version"], { encoding: "utf8" })
  .split("\n")[0]
  .replace("Version:", "CRIU");

async function start(work, { workload: name, arguments: rest = [] }) {
  const out = openSync(join(work, "out"), "w");
  const child = spawn("python3", [workload, name, ...rest], {
    cwd: work,
    detached: true,
    stdio: ["ignore", out, out],
  });
  closeSync(out);
  const ready = join(work, "ready");
  for (let tries = 0; !existsSync(ready) || readFileSync(ready, "utf8") === ""; tries += 1) {
    if (tries > 100) throw new Error(`not ready: ${readFileSync(join(work, "out"), "utf8")}`);
    await sleep(50);
  }
  return { child, pid: Number(readFileSync(ready, "utf8")) };
}

function criu(verb, work, { environment = {}, ...options }) {
  const words = [verb, "-D", "images", "-v4", "-o", `${verb}.log`, ...options.words];
  const env = { ...process.env, ...environment };
  // A restored process is a child of CRIU's, which must not be waited for with it.
  const ran = spawnSync(criuPath, words, { cwd: work, env, stdio: "ignore" });
  return ran.status;
}

function end(pid) {
  for (const target of [pid, -pid]) {
    try {
      process.kill(target, "SIGKILL");
    } catch {
      // A dump ends what it dumped.
    }
  }
}

/** @returns the log that tells of the failure. */
async function provoke(work, each) {
  const one = { ...each, workload: each.workload ?? each.name };
  mkdirSync(join(work, "images"));
  await one.prepare?.(work);
  const { child, pid } = await start(work, one);
  let undo;
  try {
    const running = one.leaveRunning ? ["-R"] : [];
    const words = ["-t", `${pid}`, ...running, ...(one.dump ?? [])];
    const dumped = criu("dump", work, { words, environment: one.environment });
    if (one.restore === undefined) return join(work, "images/dump.log");
    if (dumped !== 0) throw new Error("the dump failed already");
    // What was dumped is gone only when its parent took it in.
    await sleep(200);
    undo = await one.restore(work);
    if (one.remake) mkdirSync(join(work, "images"));
    criu("restore", work, { words: ["-d", ...(one.options ?? [])] });
    return join(work, "images/restore.log");
  } finally {
    undo?.();
    end(pid);
    end(child.pid);
    one.clean?.(work);
  }
}

/** What a log says of CRIU, and its errors with the lines around them: enough for a test. */
function excerptOf(log, { name, expect }) {
  const lines = readFileSync(log, "utf8").split("\n");
  const heads = /^\(\d+\.\d+\) (?:Version:|Running on|Dumping processes|Reading image tree)/;
  const tells = /(?:Error|Warn) +\(|finished successfully/;
  const kept = lines.filter(
    (line, at) =>
      heads.test(line) || [line, lines[at + 1] ?? ""].some((other) => tells.test(other)),
  );
  const origin = `# ${name}: ${expect}; ${criuVersion}, made by test/e2e/provoke/run.sh`;
  const host = /^(\(\d+\.\d+\) Running on )\S+ (\S+ \d+\.\d+)\S* .* (\S+)$/;
  const plain = kept.map((line) => line.replace(host, "$1node $2.0 #1 SMP $3"));
  return `${[origin, ...plain].join("\n")}\n`;
}

let passed = 0;
let failed = 0;
for (const each of cases) {
  const work = mkdtempSync(join(tmpdir(), "provoke-"));
  try {
    const log = await provoke(work, each);
    const ran = spawnSync(process.execPath, [cryoscope, "explain", "-o", "json", log], {
      encoding: "utf8",
    });
    const [run] = JSON.parse(ran.stdout).items;
    const found = run.finding?.id ?? `${run.outcome}: ${run.finding?.message ?? "no finding"}`;
    if (excerpts !== undefined) {
      writeFileSync(
        join(excerpts, `${each.name}.log`),
        excerptOf(log, each).replaceAll(work.slice(1), "tmp/provoked"),
      );
    }
    if (found === each.expect && ran.status === 1) passed += 1;
    else {
      failed += 1;
      console.log(
        `FAILED ${each.name}\n  expected ${each.expect}\n  found    ${found}, exit code ${ran.status}`,
      );
    }
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${each.name}\n  ${error.message}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
