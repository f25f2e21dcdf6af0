// docs/json/*.md, a page for each published schema, and the table of them in docs/json.md.
import { madeBy, table, withCode } from "./markdown.ts";
import { fieldRows, objectDefinitions, type Schema } from "./schema-fields.ts";

/** Schemas by the names of their files, without `.json`. */
export type Schemas = Readonly<Record<string, Schema>>;

export function jsonPage(name: string, schema: Schema): string {
  const definitions = schema.$defs ?? {};
  return `${[
    `# ${schema.title}`,
    "",
    madeBy(`the schema (src/report/schema/${name}.json)`),
    "",
    `${withCode(schema.description ?? "")} [What all documents have in common](../json.md)`,
    "stands apart; a field with a question mark may be missing.",
    "",
    ...fields(schema, definitions),
    ...objectDefinitions(definitions).flatMap(([title, definition]) => [
      `## ${title}`,
      "",
      ...(definition.description === undefined ? [] : [withCode(definition.description), ""]),
      ...fields(definition, definitions),
    ]),
  ]
    .join("\n")
    .trimEnd()}\n`;
}

function fields(schema: Schema, definitions: Readonly<Record<string, Schema>>): readonly string[] {
  const rows = fieldRows(schema, definitions);
  return table(
    ["field", "type", "is"],
    rows.map(([name = "", type = "", words = ""]) => [name, type, withCode(words)]),
  );
}

/** Each kind of document, with the page of its fields. */
export function kindRows(schemas: Schemas): readonly string[] {
  const rows = Object.entries(schemas).map(([name, schema]) => {
    const kind = kindOf(schema);
    return [`[\`${kind}\`](json/${name}.md)`, withCode(firstSentence(schema.description ?? ""))];
  });
  return table(["kind", "is"], rows);
}

function kindOf({ properties, title }: Schema): string {
  const kind = properties?.["kind"];
  return String(kind?.const ?? kind?.enum?.[0] ?? title);
}

function firstSentence(text: string): string {
  return /^.*?[.:](?= |$)/s.exec(text)?.[0].replace(/:$/, ".") ?? text;
}
