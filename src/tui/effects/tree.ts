import { setImmediate } from "node:timers/promises";
import { UsageError } from "../../base/errors.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { TreeNode, TreePlace } from "../state/document-tree.ts";
import { readFilter } from "../state/filter.ts";
import type { Call, Handler } from "./handler.ts";
import type { SavedContent } from "./save.ts";
import { openTree } from "./tree/open-tree.ts";
import { childAt, childCount, describeNode, isBranch } from "./tree/tree-value.ts";
import { findBelow } from "./tree/walk.ts";

/** Milliseconds between two parts of an answer. */
const partTime = 100;
/** Nodes that a search lists. */
const mostHits = 20_000;
/** Children of the root that are searched before others are heard. */
const searchBatch = 512;
/** Rows that one key unfolds. */
const mostBelow = 5000;

/** Says when the next part is due, and lets dropped questions be heard of. */
class Pace {
  #last = Date.now();

  async due({ signal }: { signal: AbortSignal }): Promise<boolean> {
    await setImmediate();
    signal.throwIfAborted();
    if (Date.now() - this.#last < partTime) return false;
    this.#last = Date.now();
    return true;
  }
}

/** What a tree is as a whole; its children are counted meanwhile. */
export const answerTree: Handler<"tree"> = async ({ path, member, reveal }, services, call) => {
  const tree = await openTree(await services.checkpoints.get(path), member, reveal);
  const pace = new Pace();
  // What is there is shown before all is counted.
  let first = true;
  while (await tree.advance()) {
    const due = await pace.due(call);
    if (due || first) call.part(tree.shape());
    first = false;
  }
  return tree.shape();
};

/** Some children of a node. */
export const answerTreeNodes: Handler<"treeNodes"> = async (
  { path, member, reveal, parent, from, count },
  services,
) => {
  const tree = await openTree(await services.checkpoints.get(path), member, reveal);
  const nodes: TreeNode[] = [];
  if (parent.length === 0) {
    for await (const children of tree.roots(from, count)) {
      nodes.push(...children.slice(0, count - nodes.length).map(describeNode));
      if (nodes.length >= count) break;
    }
  } else {
    const value = (await tree.value(parent)) ?? null;
    const end = Math.min(from + count, childCount(value));
    for (let at = from; at < end; at++) {
      const child = childAt(value, at);
      if (child !== undefined) nodes.push(describeNode(child));
    }
  }
  return { parent: [...parent], from, nodes };
};

/** Nodes whose `key: value` a filter finds, in the order of the tree. */
export const answerTreeFind: Handler<"treeFind"> = async (
  { path, member, reveal, text },
  services,
  call: Call<"treeFind">,
) => {
  const tree = await openTree(await services.checkpoints.get(path), member, reveal);
  const filter = readFilter(text);
  const pace = new Pace();
  let hits: TreePlace[] = [];
  let told = 0;
  let searched = 0;
  let limited = false;
  if (filter === undefined) return { hits, searched, limited };
  for await (const children of tree.roots(0, searchBatch)) {
    for (const child of children) {
      const room = mostHits - told - hits.length;
      const found = findBelow(child, searched, filter, room + 1);
      hits.push(...found.slice(0, room));
      searched += 1;
      limited ||= found.length > room;
    }
    if (limited) break;
    if (!(await pace.due(call))) continue;
    call.part({ hits, searched, limited });
    told += hits.length;
    hits = [];
  }
  return { hits, searched, limited };
};

/** Branches below a node, as many as a person may look through. */
export const answerTreeBelow: Handler<"treeBelow"> = async (
  { path, member, reveal, node },
  services,
) => {
  const tree = await openTree(await services.checkpoints.get(path), member, reveal);
  const branches: TreePlace[] = [];
  const value = (await tree.value(node)) ?? null;
  let rows = 0;
  // Level by level, so that where it ends all are open equally deep.
  const queue = [{ value, path: [...node], counts: [] as number[] }];
  for (const next of queue) {
    const count = childCount(next.value);
    if (count === 0) continue;
    if (rows + count > mostBelow) return { branches, limited: true };
    rows += count;
    const counts = [...next.counts, count];
    branches.push({ path: next.path, counts });
    for (let at = 0; at < count; at++) {
      const child = childAt(next.value, at);
      if (child === undefined || !isBranch(child.value)) continue;
      queue.push({ value: child.value, path: [...next.path, at], counts });
    }
  }
  return { branches, limited: false };
};

/** A node as JSON, as much of it as was asked for. */
export const answerTreeJson: Handler<"treeJson"> = async (
  { path, member, reveal, node, most },
  services,
) => {
  const tree = await openTree(await services.checkpoints.get(path), member, reveal);
  let text = "";
  for await (const piece of tree.json(node)) {
    text += piece;
    if (text.length > most) return { text: text.slice(0, most), cut: true };
  }
  return { text, cut: false };
};

/** A node, or the whole tree, as a file of JSON. */
export async function treeContent(
  checkpoint: Checkpoint,
  member: string,
  node: readonly number[],
): Promise<SavedContent> {
  const tree = await openTree(checkpoint, member, true);
  if (node.length > 0 && (await tree.value(node)) === undefined) {
    throw new UsageError({ what: `there is no such entry in ${member} any more` });
  }
  return { sizeBytes: undefined, pieces: encoded(tree.json(node)) };
}

async function* encoded(
  pieces: AsyncIterable<string>,
): AsyncGenerator<{ at: number; bytes: Uint8Array }> {
  let at = 0;
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece);
    yield { at, bytes };
    at += bytes.length;
  }
  yield { at, bytes: Buffer.from("\n") };
}
