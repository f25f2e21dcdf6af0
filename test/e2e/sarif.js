// What `audit -o sarif` says of every sample and of every hostile archive, against the standard's
// own schema. Ends with "N passed, N failed".
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "sarif-"));
const name = "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve(name), "utf8"));
// Draft 4, of which it uses nothing that later drafts read otherwise but the name of its id.
delete schema.id;
delete schema.$schema;
const validate = new Ajv({ strict: false, allErrors: true, logger: false, unicodeRegExp: false })
  .addFormat("uri", (text) => URL.canParse(text))
  .addFormat("uri-reference", (text) => URL.canParse(text, "file:///"))
  .addFormat("date-time", (text) => !Number.isNaN(Date.parse(text)))
  .compile(schema);
let passed = 0;
let failed = 0;

function check(what, good, found) {
  if (good) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED ${what}: ${found}`);
  }
}

function audit(path) {
  const words = ["audit", "-o", "sarif", "--permissions", "owner", path];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "bin/cryoscope.cjs"), ...words],
    {
      maxBuffer: 1 << 28,
    },
  );
  try {
    return JSON.parse(stdout);
  } catch {
    check(basename(path), false, `no JSON; ${stderr}`);
    return undefined;
  }
}

const fingerprints = (log) =>
  log.runs[0].results.map((result) =>
    JSON.stringify(result.partialFingerprints ?? result.fingerprints),
  );

function archives() {
  const folder = join(scratch, "samples");
  mkdirSync(folder, { mode: 0o700 });
  for (const engine of ["crio", "containerd", "podman", "criu"]) {
    for (const file of readdirSync(join(root, "samples", engine))) {
      const copy = join(folder, `${engine}-${file}`);
      copyFileSync(join(root, "samples", engine, file), copy);
      chmodSync(copy, 0o600);
    }
  }
  const hostile = join(scratch, "hostile");
  execFileSync(process.execPath, [join(root, "samples/hostile/make.js"), hostile], {
    stdio: "ignore",
  });
  return [folder, hostile];
}

for (const folder of archives()) {
  const log = audit(folder);
  if (log === undefined) continue;
  const where = basename(folder);
  const faults = validate(log) ? [] : validate.errors;
  check(
    `${where}: is SARIF 2.1.0`,
    faults.length === 0,
    faults
      .slice(0, 5)
      .map(({ instancePath, message }) => `${instancePath} ${message}`)
      .join("; "),
  );
  const { results, tool } = log.runs[0];
  check(`${where}: has results`, results.length > 10, results.length);
  const rules = tool.driver.rules;
  const strange = results.filter(({ ruleId, ruleIndex }) => rules[ruleIndex]?.id !== ruleId);
  check(`${where}: every result is of a rule that is told`, strange.length === 0, strange.length);
  const silent = rules.filter(
    ({ help, fullDescription }) => !(help?.text && fullDescription?.text),
  );
  check(
    `${where}: every rule has its help`,
    silent.length === 0,
    silent.map(({ id }) => id).join(),
  );
  check(
    `${where}: tells the same again`,
    fingerprints(audit(folder)).join() === fingerprints(log).join(),
    "it does not",
  );
}
rmSync(scratch, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
