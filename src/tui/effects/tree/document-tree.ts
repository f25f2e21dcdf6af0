import type { ByteSource } from "../../../base/byte-source.ts";
import { strictText } from "../../../base/bytes.ts";
import { ArchiveError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import { formatCount } from "../../../base/units.ts";
import { parseExact } from "../../../criu/crit/json-text.ts";
import type { TreeShape } from "../../state/document-tree.ts";
import { maskDocument } from "./mask-document.ts";
import type { TreeSource } from "./tree-source.ts";
import {
  childAt,
  childCount,
  descend,
  isBranch,
  type TreeChild,
  type TreeValue,
  treeJson,
} from "./tree-value.ts";

/** A JSON document as a tree. */
export class DocumentTree implements TreeSource {
  readonly #root: TreeValue;
  readonly #bare: boolean;
  readonly #sizeBytes: number;

  private constructor(value: TreeValue, sizeBytes: number) {
    // A document may be a single value, which becomes the only child.
    this.#bare = !isBranch(value);
    this.#root = this.#bare ? { "": value } : value;
    this.#sizeBytes = sizeBytes;
  }

  /** @throws ArchiveError where it is no JSON, too large, or nests too deep. */
  static async read(source: ByteSource, member: string, reveal: boolean): Promise<DocumentTree> {
    if (source.size > limits.documentBytes) {
      throw new ArchiveError({
        what: `${member} is larger than metadata is`,
        where: { member },
        found: `${formatCount(source.size)} bytes`,
        allowed: `${formatCount(limits.documentBytes)} bytes`,
        next: "look at its beginning as text: t",
      });
    }
    const value = parsed(strictText(await source.read(0, source.size)), member);
    return new DocumentTree(maskDocument(value, !reveal), source.size);
  }

  shape(): TreeShape {
    const count = childCount(this.#root);
    return { type: "", count, heads: 0, sizeBytes: this.#sizeBytes, problem: null };
  }

  async advance(): Promise<boolean> {
    return false;
  }

  async *roots(from: number, batch: number): AsyncGenerator<TreeChild[]> {
    const count = childCount(this.#root);
    for (let at = from; at < count; at += batch) {
      const length = Math.min(batch, count - at);
      yield Array.from({ length }, (_, each) => childAt(this.#root, at + each) as TreeChild);
    }
  }

  async value(path: readonly number[]): Promise<TreeValue | undefined> {
    return descend(this.#root, path);
  }

  async *json(path: readonly number[]): AsyncGenerator<string> {
    const value = descend(this.#root, this.#bare && path.length === 0 ? [0] : path);
    yield treeJson(value ?? null);
  }
}

function parsed(text: string | undefined, member: string): TreeValue {
  try {
    if (text !== undefined) return parseExact(text);
  } catch {
    // The parser's own message quotes the document, which may hold secrets.
  }
  throw new ArchiveError({
    what: `${member} is no JSON`,
    where: { member },
    found: text === undefined ? "bytes that are no UTF-8" : "something else, or half of it",
    allowed: "a JSON document",
    next: "look at it as text (t) or as bytes (x)",
  });
}
