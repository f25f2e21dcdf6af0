// The one-file executable: its size, and how soon it answers against Node's own start and against the
// built command. Measured where `npm run build:exe` has made one.
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { nodeVersion } from "../../bin/dev/exe/parts.js";
import { nodeProgram } from "../../bin/dev/nodes.js";

const out = fileURLToPath(new URL("../../out/", import.meta.url));

/** @param words of the built command: `version`, and `inspect` of a small archive. */
export async function measureExecutable({ version, inspect, rounds, measure }) {
  const executable = `${out}cryoscope-linux-${process.arch}`;
  if (!existsSync(executable)) {
    console.log("\nStart-up of the executable: not here; npm run build:exe makes it");
    return;
  }
  // The very Node that is in it.
  const node = nodeProgram(nodeVersion);
  const of = ([, , ...words]) => [executable, ...words];
  const size = `${(statSync(executable).size / 2 ** 20).toFixed(0)} MiB`;
  await measure(`Start-up of the executable (${size}, Node ${nodeVersion})`, rounds, [
    { label: "its Node, -e 0", words: [node, "-e", "0"] },
    { label: "executable --version", words: of(version), limit: 1.25 },
    { label: "executable inspect 300 KB", words: of(inspect), limit: 1.6 },
    { label: "npm's --version", words: version },
    { label: "npm's inspect 300 KB", words: inspect },
  ]);
}
