import { type FileHandle, open } from "node:fs/promises";
import { strictText } from "../base/bytes.ts";
import { UsageError } from "../base/errors.ts";
import { isObject, valueAt } from "../base/json-object.ts";
import { formatBytes } from "../base/units.ts";
import { apiNodeFacts } from "./api.ts";
import type { NodeFacts } from "./facts.ts";

/** A list of a large cluster has some MiB. */
const mostBytes = 64 * 1024 * 1024;
const stepBytes = 256 * 1024;

/**
 * A node as `kubectl get node NAME -o json` printed it; from a list, the one of a name.
 * @param name which node, where the file holds several
 * @throws {UsageError} for a file that cannot be read, and for one that holds no such node.
 */
export async function readNodeFile(path: string, name?: string): Promise<NodeFacts> {
  const document = parse(path, await readText(path));
  const kind = valueAt(document, "kind");
  if (kind === "Node" && valueAt(document, "status") === undefined) {
    throw noNode(path, "a node without status");
  }
  if (kind === "Node") return facts(path, document, name);
  const items = valueAt(document, "items");
  if (!Array.isArray(items)) {
    throw noNode(path, typeof kind === "string" ? `a document of kind ${kind}` : "no kind");
  }
  const nodes = items.filter(
    (item: unknown) => isObject(item) && [undefined, "Node"].includes(item["kind"] as undefined),
  );
  const names = nodes.map((item: unknown) => valueAt(item, "metadata", "name"));
  const at = name === undefined && nodes.length === 1 ? 0 : names.indexOf(name);
  if (at !== -1) return facts(path, { ...(nodes[at] as object), kind: "Node" }, name);
  const some = names.filter((it) => typeof it === "string").slice(0, 8);
  throw new UsageError({
    what: name === undefined ? `${path} holds several nodes` : `${path} holds no node ${name}`,
    found: some.join(", ") || "none",
    allowed: "the name of one of them",
    next: "cryoscope restore plan ARCHIVE --node-file FILE --node NAME",
  });
}

function facts(path: string, node: unknown, name: string | undefined): NodeFacts {
  const found = apiNodeFacts({ node, kubeletWhy: `${path} holds the node alone` });
  if (name === undefined || found.name === name) return found;
  throw new UsageError({
    what: `${path} holds no node ${name}`,
    found: found.name ?? "a node without name",
    next: "leave --node out to take the one that is there",
  });
}

async function readText(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const text = strictText(await readAll(file, path));
    if (text === undefined) throw noNode(path, "no UTF-8 text");
    return text;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError({
      what: `${path} cannot be read: ${(error as Error).message}`,
      allowed: "a file that kubectl get node NAME -o json printed",
      cause: error,
    });
  } finally {
    await file?.close();
  }
}

/** The file may be a pipe, or a device that never ends. */
async function readAll(file: FileHandle, path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(stepBytes) });
    if (bytesRead === 0) return Buffer.concat(chunks, bytes);
    chunks.push(buffer.subarray(0, bytesRead));
    bytes += bytesRead;
    if (bytes > mostBytes) throw noNode(path, `more than ${formatBytes(mostBytes)}`);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError({
      what: `${path} is no JSON`,
      allowed: "what kubectl get node NAME -o json prints",
      cause: error,
    });
  }
}

function noNode(path: string, found: string): UsageError {
  return new UsageError({
    what: `${path} is no node of a cluster`,
    found,
    allowed: "what kubectl get node NAME -o json prints, or a list of nodes",
    next: "kubectl get node NAME -o json >FILE",
  });
}
