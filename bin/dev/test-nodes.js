// `npm run test:nodes [-- VERSION…]`: all tests, and the installed tarball, with each release of
// Node.js that we support (see nodes.js), one after another. A line for each, and at the end
// "N passed, N failed".
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeProgram, nodeVersions } from "./nodes.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "cryoscope-nodes-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

const asked = process.argv.slice(2);
const chosen =
  asked.length === 0
    ? nodeVersions
    : nodeVersions.filter((version) => asked.some((line) => `${version}.`.startsWith(`${line}.`)));
if (chosen.length === 0) {
  console.error(`no such release: ${asked.join(" ")}; there are ${nodeVersions.join(" ")}`);
  process.exit(2);
}

const sum = { passed: 0, failed: 0 };
for (const version of chosen) {
  const node = nodeProgram(version);
  const started = performance.now();
  const tests = runTests(node, version);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const tarball = runPackage(node);
  console.log(
    `Node ${version}: tests ${words(tests)}, ${seconds} s; installed tarball ${words(tarball)}`,
  );
  for (const { passed, failed } of [tests, tarball]) {
    sum.passed += passed;
    sum.failed += failed;
  }
}
console.log(words(sum));
process.exitCode = sum.failed === 0 ? 0 : 1;

function words({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/** The work of others on this machine goes first. */
function run(node, args, stdio) {
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) };
  return spawnSync("nice", ["-n", "10", node, ...args], {
    cwd: root,
    env,
    stdio,
    encoding: "utf8",
  });
}

function runTests(node, version) {
  const report = join(scratch, `${version}.json`);
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/vitest.config.ts"];
  const { stderr } = run(
    node,
    [...vitest, "--reporter=json", `--outputFile=${report}`],
    ["ignore", "ignore", "pipe"],
  );
  try {
    const found = JSON.parse(readFileSync(report, "utf8"));
    for (const file of found.testResults) tellFailures(file);
    // A file that cannot be read has no tests that could fail.
    const broken = found.testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    );
    return { passed: found.numPassedTests, failed: found.numFailedTests + broken.length };
  } catch {
    process.stderr.write(stderr);
    return { passed: 0, failed: 1 };
  }
}

function tellFailures({ name, message, assertionResults }) {
  const file = relative(root, name);
  if (message) console.error(`${file}: ${message}`);
  for (const { status, fullName, failureMessages } of assertionResults) {
    if (status === "failed") console.error(`${file}: ${fullName}\n${failureMessages.join("\n")}`);
  }
}

function runPackage(node) {
  const { stdout } = run(node, ["test/e2e/package/package.js"], ["ignore", "pipe", 2]);
  const counts = /(\d+) passed, (\d+) failed\n$/.exec(stdout);
  if (counts === null || Number(counts[2]) > 0) process.stderr.write(stdout);
  return counts === null
    ? { passed: 0, failed: 1 }
    : { passed: Number(counts[1]), failed: Number(counts[2]) };
}
