import { chmodSync } from "node:fs";
import { pathOf, type Spot } from "./root-walk.ts";

/**
 * Makes a FIFO, which Node itself cannot and which CRIU opens by its name. The program is asked to
 * make it in the open folder, by a plain name.
 * @returns false where there is no such program, or where it failed
 */
export async function makeFifo(spot: Spot, mode: number): Promise<boolean> {
  const { spawnSync } = await import("node:child_process");
  // The child goes to the folder while it still has our descriptors.
  const cwd = `/proc/self/fd/${spot.folder}`;
  const { status } = spawnSync("mkfifo", ["-m", "600", "--", spot.name], { cwd, stdio: "ignore" });
  if (status !== 0) return false;
  chmodSync(pathOf(spot), mode & 0o777);
  return true;
}
