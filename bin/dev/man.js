// Writes dist/man: a page for man(1) of each command. The build calls it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSources } from "./load-sources.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { everyManual, manPage, pageName } = await loadSources(
  'export * from "./bin/dev/manuals/index.ts"',
);

const folder = join(root, "dist/man");
mkdirSync(folder, { recursive: true });
const manuals = everyManual();
for (const manual of manuals) {
  const page = manPage(manual, manuals, { version, date: releaseDate() });
  writeFileSync(join(folder, `${pageName(manual)}.1`), page);
}

/** What the release says, else the day on which the changelog says the version came out, else today. */
function releaseDate() {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  if (/^\d{1,12}$/.test(epoch ?? "")) return day(Number(epoch) * 1000);
  const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
  const heading = changelog.split("\n").find((line) => line.startsWith(`## ${version}`)) ?? "";
  return /\d{4}-\d{2}-\d{2}/.exec(heading)?.[0] ?? day(Date.now());
}

function day(milliseconds) {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
