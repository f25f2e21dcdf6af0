import { sanitize } from "../base/text.ts";
import { hex } from "../base/u64.ts";
import { escapeJson } from "./json.ts";

/** A value as one YAML document: the same as its JSON. */
export async function renderYaml(value: unknown): Promise<string> {
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
