// Every document below docs/ that is made of sources, or of which a part is.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { commandReference } from "./command-reference.ts";
import { everyManual } from "./index.ts";
import { jsonPage, kindRows, type Schemas } from "./json-reference.ts";
import { keyReference } from "./key-reference.ts";
import { withPart } from "./markdown.ts";
import { policyKeys } from "./policy-reference.ts";
import { ruleReference } from "./rule-reference.ts";
import type { Schema } from "./schema-fields.ts";

/**
 * Their texts by their paths.
 * @param root of the checkout, from which documents with a part, and schemas, are read.
 */
export function madeDocuments(root: string): Readonly<Record<string, string>> {
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  const schema = (path: string): Schema => JSON.parse(read(path)) as Schema;
  const folder = "src/report/schema";
  const schemas: Schemas = Object.fromEntries(
    readdirSync(join(root, folder))
      .sort()
      .map((file) => [basename(file, ".json"), schema(`${folder}/${file}`)]),
  );
  const keys = policyKeys(schema("src/audit/policy/audit-policy.json"));
  return {
    "docs/commands.md": commandReference(everyManual()),
    "docs/keys.md": keyReference(),
    "docs/rules.md": ruleReference(),
    "docs/json.md": withPart(read("docs/json.md"), "kinds", kindRows(schemas)),
    "docs/policy.md": withPart(read("docs/policy.md"), "keys", keys),
    ...Object.fromEntries(
      Object.entries(schemas).map(([name, it]) => [`docs/json/${name}.md`, jsonPage(name, it)]),
    ),
  };
}
