// Writes what is made from the sources: docs/rules.md, the other documents of manuals/documents.ts,
// and the ids and engines in the schema of policies, which editors complete. Run it (`npm run docs`) when rules,
// detectors, words of commands, keys or schemas have changed.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSources } from "./load-sources.js";
import { policySchema, rulesDocument } from "./rule-documents.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const schemaPath = join(root, "src/audit/policy/audit-policy.json");

const { everyRule, groupTitles, detectors, namers, engines } = await loadSources(`
  export { engines } from "./src/runtime/engine.ts";
  export { everyRule } from "./src/audit/every-rule.ts";
  export { groupTitles } from "./src/report/audit-words.ts";
  export { detectors } from "./src/memory/secrets/detectors.ts";
  export { namers } from "./src/memory/secrets/named.ts";`);
const { madeDocuments } = await loadSources('export * from "./bin/dev/manuals/documents.ts"');
const kinds = [...detectors, ...namers];
const schema = policySchema(
  JSON.parse(readFileSync(schemaPath, "utf8")),
  everyRule,
  kinds,
  engines,
);
writeFileSync(schemaPath, `${JSON.stringify(schema, null, 2)}\n`);
spawnSync(
  process.execPath,
  [join(root, "node_modules/@biomejs/biome/bin/biome"), "check", "--write", schemaPath],
  { cwd: root, stdio: ["ignore", "ignore", 2] },
);
writeFileSync(join(root, "docs/rules.md"), rulesDocument(everyRule, groupTitles, kinds));

const documents = madeDocuments(root);
rmSync(join(root, "docs/json"), { recursive: true, force: true });
mkdirSync(join(root, "docs/json"));
for (const [path, text] of Object.entries(documents)) writeFileSync(join(root, path), text);
