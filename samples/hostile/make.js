// Writes the hostile archives into a new folder: node samples/hostile/make.js FOLDER [RULE…]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recipes } from "./archives.js";

const [folder, ...wanted] = process.argv.slice(2);
const unknown = wanted.filter((id) => !recipes.some(({ rule }) => rule === id));
if (folder === undefined || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no such rule: ${unknown.join(", ")}`);
  console.error("usage: node samples/hostile/make.js FOLDER [RULE…]");
  process.exit(2);
}
// A folder that is there already may be anybody's, so it is not written to.
mkdirSync(folder, { mode: 0o700 });
for (const { rule, what, file, bytes } of recipes) {
  if (wanted.length > 0 && !wanted.includes(rule)) continue;
  writeFileSync(join(folder, file), bytes(), { flag: "wx", mode: 0o600 });
  console.log(`${file}: ${what}`);
}
