/** A row of a tree in depth-first order. */
interface TreeRow {
  /** 0 for roots. */
  depth: number;
}

/** The branch lines before each row: `├─ `, `│  └─ `. Roots have none. */
export function treePrefixes(rows: readonly TreeRow[]): string[] {
  const prefixes: string[] = new Array(rows.length).fill("");
  // From the end: does a later row continue the branch of each depth?
  const open: boolean[] = [];
  for (let at = rows.length - 1; at >= 0; at--) {
    const depth = (rows[at] as TreeRow).depth;
    let prefix = "";
    // Deep chains are drawn without their stems, or each row would be as long as the chain.
    for (let level = Math.max(1, depth - 32); level < depth; level++) {
      prefix += open[level] === true ? "│  " : "   ";
    }
    if (depth > 0) prefix += open[depth] === true ? "├─ " : "└─ ";
    prefixes[at] = prefix;
    open.length = depth + 1;
    open[depth] = true;
  }
  return prefixes;
}
