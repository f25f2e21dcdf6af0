// Makes a checkout ready to run: installs what package-lock.json names, and builds. A second call
// costs next to nothing. Uses nothing that is not in Node itself.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

function run(command, args) {
  // What the child prints goes to stderr: stdout belongs to whoever called us.
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status === 0) return;
  console.error(`${command} ${args.join(" ")} failed${error ? `: ${error.message}` : ""}`);
  process.exit(status ?? 1);
}

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const installed = join(root, "node_modules", ".package-lock.json");
const lock = join(root, "package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
}

// The build writes this last, so a build that was cut short is made again.
const built = join(root, "dist", "types", "index.d.ts");
const sources = ["src", "bin", "package.json"].map((name) => newest(join(root, name)));
if (!existsSync(built) || statSync(built).mtimeMs < Math.max(...sources)) {
  run(process.execPath, [join(root, "bin", "dev", "build.js")]);
}
