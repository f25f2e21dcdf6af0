/**
 * Is there no such program, as far as the caller can tell? A folder of PATH that may not be looked
 * into turns "not found" into "not allowed".
 */
export function isNoProgram(code: string | undefined, command: string): boolean {
  return code === "ENOENT" || (code === "EACCES" && !command.includes("/"));
}

/** A path as it can be pasted into a shell. */
export function quote(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
