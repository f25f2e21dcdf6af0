import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { UsageError } from "../../base/errors.ts";
import { formatBytes, formatCount } from "../../base/units.ts";

/** Bytes of one policy file. A list of five thousand allowances is half of it. */
export const policyBytes = 1024 * 1024;
/** Values of a file, those behind aliases counted each time. */
const mostValues = 100_000;
/** Lists and mappings inside each other; a policy has five. */
const deepest = 16;

/** Line and column, counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/** A value of a YAML file, and where it stands. */
export type Tree = { at: Position; values: number } & (
  | { kind: "mapping"; entries: Map<string, { at: Position; value: Tree }> }
  | { kind: "list"; items: Tree[] }
  | { kind: "scalar"; value: string | number | boolean | null }
);

/**
 * Reads a file of one YAML document (1.2, so `on` and `no` are texts). Aliases are followed;
 * neither circles of them nor bombs nor nesting can hang or fill anything.
 * @param file its name for errors.
 * @throws UsageError with line and column.
 */
export async function readYamlTree(text: string, file: string): Promise<Tree> {
  if (text.length > policyBytes) {
    throw new UsageError({
      code: "policy",
      what: `${file} is too large for a policy`,
      where: { path: file },
      found: formatBytes(text.length),
      allowed: formatBytes(policyBytes),
    });
  }
  const { default: yaml } = await import("yaml");
  const lines = new yaml.LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const fail = (what: string, at: Position): never => {
    throw yamlFault(file, at, what);
  };
  // Keys that stand twice are found below: the package compares each key with each other.
  const options = { uniqueKeys: false, prettyErrors: false, logLevel: "silent" } as const;
  let documents: ReturnType<typeof yaml.parseAllDocuments>;
  try {
    documents = yaml.parseAllDocuments(text, { ...options, lineCounter: lines });
  } catch (error) {
    // Nesting that is deeper than the stack.
    if (!(error instanceof RangeError)) throw error;
    return fail("is nested too deeply", { line: 1, column: 1 });
  }
  const document = Array.isArray(documents) ? documents[0] : undefined;
  if (document === undefined) return fail("is empty", { line: 1, column: 1 });
  const [error] = document.errors;
  if (error !== undefined) {
    const deep = error.message.includes("call stack");
    const [reason] = error.message.split("\n");
    fail(deep ? "is nested too deeply" : `is no YAML: ${reason}`, position(error.pos[0]));
  }
  const [, second] = documents;
  if (second !== undefined) {
    fail("holds more than one YAML document", position(second.range?.[0] ?? 0));
  }
  return new TreeMaker(yaml, position, fail).make(document.contents as Node | null);
}

/** A fault of a policy at a line and column of its file. */
export function yamlFault(
  file: string,
  at: Position,
  what: string,
  more: { found?: string; allowed?: string; next?: string } = {},
): UsageError {
  const line = `line ${formatCount(at.line)}, column ${formatCount(at.column)}`;
  return new UsageError({
    code: "policy",
    what: `${file}, ${line}: ${what}`,
    where: { path: file },
    ...more,
  });
}

class TreeMaker {
  readonly #yaml: typeof import("yaml");
  readonly #position: (offset: number) => Position;
  readonly #fail: (what: string, at: Position) => never;
  /** What stands behind each anchor; null while it is being read. */
  readonly #anchors = new Map<string, Tree | null>();

  constructor(
    yaml: typeof import("yaml"),
    position: (offset: number) => Position,
    fail: (what: string, at: Position) => never,
  ) {
    this.#yaml = yaml;
    this.#position = position;
    this.#fail = fail;
  }

  make(node: Node | null, depth = 0): Tree {
    const at = this.#position(node?.range?.[0] ?? 0);
    if (depth > deepest) this.#fail(`is nested more than ${deepest} levels deep`, at);
    if (node === null) return { at, values: 1, kind: "scalar", value: null };
    if (this.#yaml.isAlias(node)) return this.#behind(node, at);
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    const tree = this.#plain(node, at, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, tree);
    return tree;
  }

  #behind({ source }: Alias, at: Position): Tree {
    const known = this.#anchors.get(source);
    if (known === null)
      return this.#fail(`has an alias *${source} inside of &${source} itself`, at);
    if (known === undefined) return this.#fail(`has an alias *${source} of nothing before it`, at);
    return known;
  }

  #plain(node: Node, at: Position, depth: number): Tree {
    if (this.#yaml.isMap(node)) return this.#mapping(node, at, depth);
    if (this.#yaml.isSeq(node)) return this.#list(node, at, depth);
    const { value } = node as Scalar;
    const simple = value === null || ["string", "number", "boolean"].includes(typeof value);
    if (!simple) this.#fail("has a value that is no text, number, truth value or null", at);
    return { at, values: 1, kind: "scalar", value: value as string | number | boolean | null };
  }

  #mapping({ items }: YAMLMap, at: Position, depth: number): Tree {
    const entries = new Map<string, { at: Position; value: Tree }>();
    let values = 1;
    for (const { key, value } of items as Pair<Node, Node | null>[]) {
      const keyAt = this.#position(key?.range?.[0] ?? 0);
      const name = this.#yaml.isScalar(key) ? key.value : undefined;
      if (typeof name !== "string") return this.#fail("has a key that is no text", keyAt);
      if (entries.has(name)) this.#fail(`has the key ${name} twice`, keyAt);
      const tree = this.make(value, depth + 1);
      // An empty value has no place of its own.
      if (value === null || value.range == null) tree.at = keyAt;
      entries.set(name, { at: keyAt, value: tree });
      values = this.#counted(values + tree.values, keyAt);
    }
    return { at, values, kind: "mapping", entries };
  }

  #list({ items }: YAMLSeq, at: Position, depth: number): Tree {
    const made: Tree[] = [];
    let values = 1;
    for (const item of items as (Node | null)[]) {
      const tree = this.make(item, depth + 1);
      made.push(tree);
      values = this.#counted(values + tree.values, tree.at);
    }
    return { at, values, kind: "list", items: made };
  }

  #counted(values: number, at: Position): number {
    if (values <= mostValues) return values;
    const most = formatCount(mostValues);
    return this.#fail(`holds more than ${most} values, those behind aliases counted each time`, at);
  }
}
