import type { Node, Pair, Document as YamlDocument } from "yaml";
import { UsageError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { sanitize } from "../base/text.ts";
import { formatCount } from "../base/units.ts";
import type { FieldRemark, RemarkedManifest } from "../restore/manifest/manifest.ts";
import type { FieldPath, Remark } from "../restore/manifest/remarks.ts";
import { escapeJson, room } from "./json.ts";

/** Columns of a comment's text. */
const columns = 92;

/**
 * The pod as YAML: each remark as a comment before the field that it is about, and what has to be
 * decided once more at the head. Text of the archive stands in quotes, or behind `#` on one line.
 * @throws UsageError for a pod that is too large to be held as a document.
 */
export async function renderManifest({ document, remarks }: RemarkedManifest): Promise<string> {
  if (room(document.manifest, limits.yamlValues) <= 0) throw tooLarge();
  const { default: yaml } = await import("yaml");
  const pod = new yaml.Document(document.manifest, { aliasDuplicateObjects: false });
  yaml.visit(pod, {
    Scalar(_key, node) {
      // Double quotes allow the escapes of JSON, so nothing unsafe is printed as it is.
      if (typeof node.value === "string" && sanitize(node.value) !== node.value) {
        node.type = "QUOTE_DOUBLE";
      }
    },
  });
  for (const told of byField(remarks)) addComment(pod, told);
  return headOf(document) + escapeJson(pod.toString({ lineWidth: 0 }));
}

function tooLarge(): UsageError {
  return new UsageError({
    what: "the pod is too large for YAML, which has to be held in memory as a whole",
    allowed: `${formatCount(limits.yamlValues)} values`,
    next: "take -o json; no cluster takes a pod of that size either",
  });
}

/** What the file is, and what is to be done before it is applied. */
function headOf({ path, decisions }: RemarkedManifest["document"]): string {
  const lines = [
    sanitize(`Restores ${path} from its checkpoint image.`),
    ...(decisions.length === 0
      ? []
      : wrapped(`${decisions.length} to decide before it is applied, marked DECIDE below:`)),
    ...decisions.flatMap((decision) => wrapped(`- ${decisionText(decision)}`, "  ")),
  ];
  return `${lines.map((line) => `# ${line}\n`).join("")}`;
}

/** A decision on one line; its field may be the pod itself. */
export function decisionText({ field, text }: FieldRemark): string {
  return sanitize(field === "" ? text : `${field}: ${text}`);
}

/** Remarks of each field together. */
function byField(remarks: readonly Remark[]): Remark[][] {
  const fields = new Map<string, Remark[]>();
  for (const remark of remarks) {
    const key = JSON.stringify(remark.path);
    const known = fields.get(key);
    if (known === undefined) fields.set(key, [remark]);
    else known.push(remark);
  }
  return [...fields.values()];
}

function addComment(pod: YamlDocument, told: readonly Remark[]): void {
  const first = told[0] as Remark;
  const lines = told.flatMap(({ text, decide }) => wrapped(decide ? `DECIDE: ${text}` : text));
  const node = commented(pod, first.path);
  const comment = lines.map((line) => ` ${line}`).join("\n");
  node.commentBefore = node.commentBefore == null ? comment : `${node.commentBefore}\n${comment}`;
}

/** What a comment stands before: the field, or the nearest one around it that is there. */
function commented(pod: YamlDocument, path: FieldPath): Node {
  for (let steps = path.length; steps > 0; steps--) {
    const found = nodeAt(pod, path.slice(0, steps));
    if (found !== undefined) return found;
  }
  return pod.contents as Node;
}

/** The key of a field, or an entry of a list. */
function nodeAt(pod: YamlDocument, path: FieldPath): Node | undefined {
  const last = path.at(-1);
  const holder = path.length > 1 ? pod.getIn(path.slice(0, -1), true) : pod.contents;
  if (typeof last === "number") return (holder as { items?: Node[] } | undefined)?.items?.[last];
  const pairs = (holder as { items?: Pair<Node>[] } | undefined)?.items;
  return pairs?.find(({ key }) => (key as { value?: unknown }).value === last)?.key;
}

/** Lines of at most so many columns, where there are spaces to break them at. */
function wrapped(text: string, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of sanitize(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
