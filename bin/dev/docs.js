// Writes what is made from the sources: the documents of manuals/documents.ts, and what the schema of
// policies takes from rules, detectors and engines. Run it (`npm run docs`) when those, words of
// commands, keys or schemas have changed.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSources } from "./load-sources.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const schemaPath = join(root, "src/audit/policy/audit-policy.json");

const { madeDocuments, policySchema } = await loadSources(`
  export { madeDocuments } from "./bin/dev/manuals/documents.ts";
  export { policySchema } from "./bin/dev/manuals/policy-schema.ts";`);
const schema = policySchema(JSON.parse(readFileSync(schemaPath, "utf8")));
writeFileSync(schemaPath, `${JSON.stringify(schema, null, 2)}\n`);
spawnSync(
  process.execPath,
  [join(root, "node_modules/@biomejs/biome/bin/biome"), "check", "--write", schemaPath],
  { cwd: root, stdio: ["ignore", "ignore", 2] },
);

const documents = madeDocuments(root);
rmSync(join(root, "docs/json"), { recursive: true, force: true });
mkdirSync(join(root, "docs/json"));
for (const [path, text] of Object.entries(documents)) writeFileSync(join(root, path), text);
