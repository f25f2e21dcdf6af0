// Writes what is made from the rules of audits: docs/rules.md, and the ids in the schema of
// policies, which editors complete. Run it (`npm run docs`) when rules or detectors have changed.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { policySchema, rulesDocument } from "./rule-documents.js";
import { workerText } from "./worker-text.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const schemaPath = join(root, "src/audit/policy/audit-policy.json");

const { everyRule, groupTitles, detectors, namers } = await loadRules();
const kinds = [...detectors, ...namers];
const schema = policySchema(JSON.parse(readFileSync(schemaPath, "utf8")), everyRule, kinds);
writeFileSync(schemaPath, `${JSON.stringify(schema, null, 2)}\n`);
spawnSync(
  process.execPath,
  [join(root, "node_modules/@biomejs/biome/bin/biome"), "check", "--write", schemaPath],
  { cwd: root, stdio: ["ignore", "ignore", 2] },
);
writeFileSync(join(root, "docs/rules.md"), rulesDocument(everyRule, groupTitles, kinds));

/** The rules are TypeScript; they are bundled for a moment, beside the packages that they import. */
async function loadRules() {
  const outfile = join(root, "node_modules", `.rules-${process.pid}.mjs`);
  await build({
    stdin: {
      contents: `
        export { everyRule } from "./src/audit/every-rule.ts";
        export { groupTitles } from "./src/report/audit-words.ts";
        export { detectors } from "./src/memory/secrets/detectors.ts";
        export { namers } from "./src/memory/secrets/named.ts";`,
      resolveDir: root,
    },
    absWorkingDir: root,
    bundle: true,
    outfile,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "warning",
    plugins: [workerText],
  });
  try {
    return await import(outfile);
  } finally {
    rmSync(outfile);
  }
}
