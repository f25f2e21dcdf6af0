// Makes the V8 code caches of the executable's scripts, the same ones at every build.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../bundles.js";
import { steady } from "../cache-name.js";

/** @param node which the executable will run, and which runs here. */
export function writeCodeCaches(node, folder) {
  // Where addresses are random, so is the order in a cache.
  const fixed = spawnSync("setarch", ["-R", "true"]).status === 0;
  if (!fixed) console.error("setarch -R is not allowed here: another build gives other bytes");
  const warmUp = [...steady, join(root, "bin/dev/warm-up.js"), folder, "--own"];
  const [command, ...words] = fixed ? ["setarch", "-R", node, ...warmUp] : [node, ...warmUp];
  // One thread, so that what is read comes in the same order.
  const env = { PATH: process.env.PATH, UV_THREADPOOL_SIZE: "1" };
  // On a busy machine something may still come earlier or later than it does else.
  const seen = new Set();
  for (let digest; !seen.has(digest) && seen.size < 8; digest = digestOf(folder)) {
    if (digest !== undefined) seen.add(digest);
    execFileSync(command, words, { env, stdio: ["ignore", "ignore", 2] });
  }
}

function digestOf(folder) {
  const hash = createHash("sha256");
  for (const name of cachesIn(folder).sort()) hash.update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

function cachesIn(folder) {
  return readdirSync(folder).filter((name) => name.endsWith(".cache"));
}
