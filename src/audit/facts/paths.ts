/** Does a path have a step `..`? */
export function climbs(path: string): boolean {
  return /(?:^|\/)\.\.(?:\/|$)/.test(path);
}

/** What is wrong with a path that has to be absolute and lead straight to its end. */
export function pathFault(path: string): string | undefined {
  if (path.includes("\0")) return "has a NUL byte";
  if (climbs(path)) return "climbs with ..";
  return path.startsWith("/") ? undefined : "is not absolute";
}
