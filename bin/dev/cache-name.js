/**
 * The file beside a script with what V8 made of it. V8 takes only what its own version made, and
 * processors differ, so one folder can hold what several releases of Node made (see release.js).
 */
export const cacheName = (script) =>
  `${script}.${process.arch}-${process.versions.v8.split("-")[0]}.cache`;

/**
 * Options with which V8 makes the same cache each time, and one that a Node without them takes:
 * that the random seed is chosen, and that nothing is compiled on the side.
 */
export const steady = ["--random-seed=42", "--predictable"];
