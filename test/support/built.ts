import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Ran } from "./run.ts";

/** The command as it is installed: `npm test` builds it first. */
export const command: string = fileURLToPath(new URL("../../bin/cryoscope.cjs", import.meta.url));

/** Nothing of the caller's own: no colour, no terminal, no home. */
const env = { PATH: process.env["PATH"], LANG: "C.UTF-8", TMPDIR: process.env["TMPDIR"] };

/** Runs the built command in a process of its own. */
export function built(
  argv: readonly string[],
  options: SpawnSyncOptions & { node?: readonly string[]; env?: Record<string, string> } = {},
): Ran {
  const { node = [], ...rest } = options;
  const { status, signal, stdout, stderr, error } = spawnSync(
    process.execPath,
    [...node, command, ...argv],
    { input: "", ...rest, env: { ...env, ...options.env }, encoding: "utf8" },
  );
  if (error !== undefined) throw error;
  if (status === null) throw new Error(`ended by ${signal}`);
  return { code: status, out: stdout as string, err: stderr as string };
}

/** Runs a line of shell in which `cryoscope` is the built command. */
export function shell(line: string, ...args: readonly string[]): Ran {
  const program = `cryoscope() { "${process.execPath}" "${command}" "$@"; }; set -o pipefail; ${line}`;
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", program, "bash", ...args], {
    env,
    encoding: "utf8",
  });
  return { code: status ?? -1, out: stdout, err: stderr };
}
