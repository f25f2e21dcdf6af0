import { Document, visit } from "yaml";
import { sanitize } from "../base/text.ts";
import { escapeJson } from "./json.ts";
import { hex } from "../base/u64.ts";

/** A value as one YAML document: the same as its JSON. */
export function renderYaml(value: unknown): string {
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
    JSON.stringify(value, (_key, entry: unknown) => (typeof entry === "bigint" ? hex(entry) : entry)),
  ) as unknown;
}
