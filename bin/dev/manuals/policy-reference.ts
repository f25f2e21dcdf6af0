// The tables of keys in docs/policy.md.
import { table, withCode } from "./markdown.ts";
import { fieldRows, objectDefinitions, type Schema } from "./schema-fields.ts";

/** Definitions that are texts of a form, which a table of their own explains. */
const textForms = ["duration", "size", "pattern", "endpoint"];

export function policyKeys(schema: Schema): readonly string[] {
  const { definitions = {} } = schema;
  const forms = Object.entries(definitions).filter(([name]) => textForms.includes(name));
  // Types by their names.
  const named = {
    ...definitions,
    ...Object.fromEntries(forms.map(([name]) => [name, { type: name }])),
  };
  const keys = (part: Schema): readonly string[] =>
    table(
      ["key", "type", "is"],
      fieldRows(part, named).map(([name = "", type = "", words = ""]) => [
        name.replace("?", ""),
        type,
        withCode(words),
      ]),
    );
  return [
    ...keys(schema),
    "### Forms of values",
    "",
    ...table(
      ["form", "is"],
      forms.map(([name, { description = "" }]) => [name, withCode(description)]),
    ),
    ...objectDefinitions(definitions).flatMap(([name, definition]) => [
      `### ${name}`,
      "",
      ...(definition.description === undefined ? [] : [withCode(definition.description), ""]),
      ...keys(definition),
    ]),
  ];
}
