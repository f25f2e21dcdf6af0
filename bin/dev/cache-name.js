import { statSync } from "node:fs";

/**
 * The file beside a script with what V8 made of it. Such a cache refers to objects in the heap that
 * Node was built with. V8 of Node 20 does not ask for that: another build takes the cache and
 * crashes. So it bears the release and the size of the very program that made it; one folder can hold
 * those of several (see release.js).
 */
export function cacheName(script) {
  const { arch, execPath, version } = process;
  return `${script}.${arch}-${version}-${statSync(execPath).size}.cache`;
}

/**
 * Options with which V8 makes the same cache each time, and one that a Node without them takes:
 * that the random seed is chosen, and that nothing is compiled on the side.
 */
export const steady = ["--random-seed=42", "--predictable"];
