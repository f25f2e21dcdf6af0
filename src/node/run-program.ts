import { lstatSync, realpathSync } from "node:fs";
import { dirname } from "node:path/posix";
import type { Found, HostRun } from "./host.ts";

const runLimits = { timeout: 10_000, maxBuffer: 1024 * 1024 } as const;

/**
 * Runs a program of this machine and gives what it says.
 *
 * We may be root, and the program was found by looking around: so it is run only if it, and every
 * folder that leads to it, belongs to root and can be changed by nobody else.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
): Promise<Found<HostRun>> {
  const refused = whyNot(program);
  if (refused !== undefined) return refused;
  const { execFile } = await import("node:child_process");
  return new Promise((resolve) => {
    const options = { ...runLimits, env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" } };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const { code = null, killed = false } = (error ?? { code: 0 }) as {
        code?: number | string | null;
        killed?: boolean;
      };
      if (killed) resolve(unreadable(program, "it did not end within 10 s"));
      else if (typeof code === "string") resolve(unreadable(program, `it does not run: ${code}`));
      else resolve({ state: "found", path: program, value: { code, text: stdout + stderr } });
    });
  });
}

function whyNot(program: string): Found<HostRun> | undefined {
  let real: string;
  try {
    real = realpathSync(program);
    for (let path = real; ; path = dirname(path)) {
      const { uid, mode } = lstatSync(path);
      // The group of root's own programs may be another; that it can write may not be.
      if (uid !== 0 || (mode & 0o022) !== 0) {
        return unreadable(program, `others than root can change ${path}, so it is not run`);
      }
      if (path === "/") return undefined;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { state: "absent", path: program };
    return unreadable(program, code ?? "it cannot be looked at");
  }
}

function unreadable(path: string, why: string): Found<never> {
  return { state: "unreadable", path, why };
}
