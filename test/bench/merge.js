// Merges: of the reports of 5,000 nodes with a million findings, against as many runs of JSON.parse and
// against copying the bytes.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./measure.js";

const MiB = 2 ** 20;
const nodes = 5000;
const archives = 10;
const findings = 20;

/** Reports of nodes, made of the report of a real audit. */
async function writeReports(folder, words) {
  const { text } = await run(words, { output: true });
  const real = JSON.parse(text);
  const [archive] = real.archives;
  const found = Array.from(
    { length: findings },
    (_, at) => archive.findings[at % archive.findings.length],
  );
  for (let node = 0; node < nodes; node += 1) {
    const all = Array.from({ length: archives }, (_, at) => {
      return {
        ...archive,
        path: `/var/lib/kubelet/checkpoints/${node}-${at}.tar`,
        findings: found,
      };
    });
    const report = { ...real, node: `node-${node}`, archives: all };
    writeFileSync(join(folder, `${node}.json`), `${JSON.stringify(report, null, 2)}\n`);
  }
}

/** @param small an archive as a runtime writes it */
export async function measureMerge({ folder, small, cryoscope, measure, rounds }) {
  const reports = join(folder, "reports");
  mkdirSync(reports, { mode: 0o700 });
  await writeReports(reports, cryoscope("audit", small, "-o", "json"));
  const merge = (...more) =>
    cryoscope("audit", { path: reports }, "--merge", "--fail-on", "none", ...more);
  const each = `const { readdirSync, readFileSync } = require("fs");
    for (const name of readdirSync(process.argv[1])) JSON.parse(readFileSync(process.argv[1] + "/" + name));`;
  const limits = { peakLimit: 250 * MiB };
  const count = (nodes * archives * findings).toLocaleString("en-US");
  await measure(
    `audit --merge of ${readdirSync(reports).length} reports, ${count} findings`,
    rounds.few,
    [
      { label: "JSON.parse of each", words: [process.execPath, "-e", each, reports] },
      { label: "cat", words: ["sh", "-c", 'cat "$1"/* >/dev/null', "sh", reports] },
      { label: "--summary", words: merge("--summary"), ...limits },
      { label: "-o json", words: merge("-o", "json"), ...limits },
      { label: "-o sarif", words: merge("-o", "sarif"), ...limits },
    ],
  );
  rmSync(reports, { recursive: true });
}
