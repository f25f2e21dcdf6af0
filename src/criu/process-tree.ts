import type { ByteSource } from "../base/byte-source.ts";
import { limits } from "../base/limits.ts";
import type { ProblemLog } from "../base/problem.ts";
import { readEntries } from "./image.ts";

/** A process as `pstree.img` names it. Ids are those inside the container's namespace. */
export interface TreeNode {
  pid: number;
  ppid: number;
  pgid: number;
  sid: number;
  threads: number[];
  /** Number of ancestors in the tree that we show. */
  depth: number;
}

/**
 * Reads the process tree in depth-first order. Each process is shown once: what claims a pid
 * twice is dropped, and what has no parent here, or is its own ancestor, becomes a root; each
 * with a problem.
 */
export async function readProcessTree(
  source: ByteSource,
  member: string,
  problems: ProblemLog,
): Promise<TreeNode[]> {
  const nodes = new Map<number, TreeNode>();
  for (const [index, entry] of (await readEntries(source, "pstree_entry")).entries()) {
    const { pid, ppid, pgid, sid, threads } = entry;
    const reason = rejection(pid, nodes);
    if (reason === undefined) nodes.set(pid, { pid, ppid, pgid, sid, threads, depth: 0 });
    else {
      const where = { member, entry: index };
      problems.add({ severity: "error", code: "process-tree", message: reason, where });
    }
  }
  if (nodes.size === 0) {
    const message = "the process tree is empty";
    problems.add({ severity: "error", code: "process-tree", message, where: { member } });
  }
  return ordered(nodes, member, problems);
}

function rejection(pid: number, nodes: Map<number, TreeNode>): string | undefined {
  if (pid === 0 || pid > limits.processes) {
    return `the process tree holds pid ${pid}; allowed 1 to ${limits.processes}`;
  }
  return nodes.has(pid) ? `the process tree holds pid ${pid} twice; the first counts` : undefined;
}

function ordered(nodes: Map<number, TreeNode>, member: string, problems: ProblemLog): TreeNode[] {
  const children = new Map<number, TreeNode[]>();
  const roots: TreeNode[] = [];
  for (const node of nodes.values()) {
    if (node.ppid !== 0 && nodes.has(node.ppid) && node.ppid !== node.pid) {
      const siblings = children.get(node.ppid) ?? [];
      siblings.push(node);
      children.set(node.ppid, siblings);
      continue;
    }
    roots.push(node);
    if (node.ppid !== 0) {
      const what =
        node.ppid === node.pid
          ? "names itself as parent"
          : `has parent ${node.ppid}, which is missing`;
      const message = `process ${node.pid} ${what}; it is shown as a root`;
      problems.add({ severity: "error", code: "process-tree", message, where: { member } });
    }
  }
  const result: TreeNode[] = [];
  for (const root of roots) collect(root, children, result);
  // What no root reaches goes in a circle.
  if (result.length < nodes.size) {
    const seen = new Set(result.map(({ pid }) => pid));
    for (const lost of nodes.values()) {
      if (seen.has(lost.pid)) continue;
      const node = circleAbove(lost, nodes);
      const message = `process ${node.pid} is its own ancestor; the circle is cut there`;
      problems.add({ severity: "error", code: "process-tree", message, where: { member } });
      for (const reached of collect(node, children, result, seen)) seen.add(reached.pid);
    }
  }
  return result;
}

/** The first node met twice on the way up: what hangs below a circle is no part of it. */
function circleAbove(start: TreeNode, nodes: ReadonlyMap<number, TreeNode>): TreeNode {
  const passed = new Set<TreeNode>();
  let node = start;
  while (!passed.has(node)) {
    passed.add(node);
    node = nodes.get(node.ppid) ?? start;
  }
  return node;
}

/** Appends a subtree in depth-first order. A stack of our own: trees may be a million deep. */
function collect(
  root: TreeNode,
  children: Map<number, TreeNode[]>,
  result: TreeNode[],
  seen: ReadonlySet<number> = new Set(),
): TreeNode[] {
  const added: TreeNode[] = [];
  const inside = new Set<number>();
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (inside.has(node.pid) || seen.has(node.pid)) continue;
    inside.add(node.pid);
    result.push(node);
    added.push(node);
    for (const child of (children.get(node.pid) ?? []).toReversed()) {
      if (inside.has(child.pid)) continue;
      child.depth = node.depth + 1;
      stack.push(child);
    }
  }
  return added;
}
