import { UsageError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { sanitize } from "../base/text.ts";
import { hex } from "../base/u64.ts";
import { formatCount } from "../base/units.ts";
import { escapeJson, room } from "./json.ts";

/**
 * A value as one YAML document: the same as its JSON.
 * @throws UsageError for more than can be held as a document; JSON has no such limit.
 */
export async function renderYaml(
  value: unknown,
  most: number = limits.yamlValues,
): Promise<string> {
  if (room(value, most) <= 0) {
    throw new UsageError({
      what: "the result is too large for YAML, which has to be held in memory as a whole",
      allowed: `${formatCount(most)} values`,
      next: "take -o json, which is written piece by piece",
    });
  }
  const { default: yaml } = await import("yaml");
  const { Document, visit } = yaml;
  const document = new Document(plain(value), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      // Double quotes allow the escapes of JSON, so nothing unsafe is printed as it is.
      if (typeof node.value === "string" && sanitize(node.value) !== node.value) {
        node.type = "QUOTE_DOUBLE";
      }
    },
  });
  return escapeJson(document.toString({ lineWidth: 0 }));
}

function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, entry: unknown) =>
      typeof entry === "bigint" ? hex(entry) : entry,
    ),
  ) as unknown;
}
