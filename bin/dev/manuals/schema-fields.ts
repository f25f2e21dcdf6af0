// Fields of a JSON schema as rows of a table.
import { anchor } from "./markdown.ts";

/** What of JSON Schema our schemas use. */
export interface Schema {
  title?: string;
  description?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  pattern?: string;
  format?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
  $defs?: Record<string, Schema>;
  definitions?: Record<string, Schema>;
}

type Definitions = Readonly<Record<string, Schema>>;

/** More values than these are not listed. */
const manyValues = 24;

/** Path, type and description of each field; a field that may be left out has a question mark. */
export function fieldRows(schema: Schema, definitions: Definitions, path = ""): string[][] {
  const rows: string[][] = [];
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const full = path === "" ? name : `${path}.${name}`;
    const optional = schema.required?.includes(name) === true ? "" : "?";
    rows.push([
      `\`${full}${optional}\``,
      typeText(field, definitions),
      wordsOf(field, definitions),
    ]);
    rows.push(...fieldRows(field, definitions, full));
  }
  for (const variant of [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
  ]) {
    rows.push(...fieldRows(variant, definitions, path));
  }
  if (schema.items !== undefined) rows.push(...fieldRows(schema.items, definitions, `${path}[]`));
  if (typeof schema.additionalProperties === "object") {
    rows.push(...fieldRows(schema.additionalProperties, definitions, `${path}.*`));
  }
  return rows.filter((row, at) => rows.findIndex(([name]) => name === row[0]) === at);
}

/** Definitions that are objects have a table of their own. */
export function objectDefinitions(definitions: Definitions): [name: string, schema: Schema][] {
  return Object.entries(definitions).filter(([, schema]) => hasFields(schema));
}

function hasFields(schema: Schema): boolean {
  return (
    schema.properties !== undefined ||
    [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some(hasFields)
  );
}

function wordsOf(field: Schema, definitions: Definitions): string {
  const words = field.description ?? refOf(field, definitions)?.description ?? "";
  const value = field.default;
  return value === undefined ? words : `${words} Default: \`${JSON.stringify(value)}\`.`.trim();
}

function refOf({ $ref, allOf }: Schema, definitions: Definitions): Schema | undefined {
  const ref = $ref ?? allOf?.[0]?.$ref;
  return ref === undefined ? undefined : definitions[nameOf(ref)];
}

function nameOf(ref: string): string {
  return ref.split("/").at(-1) ?? ref;
}

function typeText(schema: Schema, definitions: Definitions): string {
  if (schema.$ref !== undefined) return refText(schema.$ref, definitions);
  const variants = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (variants !== undefined && schema.type === undefined) {
    const texts = variants.filter((it) => it.required === undefined || hasFields(it));
    return [...new Set(texts.map((it) => typeText(it, definitions)))].join(" or ");
  }
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return valuesText(schema.enum);
  if (schema.items !== undefined) {
    const list = `list of ${typeText(schema.items, definitions)}`;
    return Array.isArray(schema.type) ? `${list} or null` : list;
  }
  if (typeof schema.additionalProperties === "object") {
    return `object of ${typeText(schema.additionalProperties, definitions)}`;
  }
  const types = [schema.type ?? "anything"].flat();
  return types.map((type) => (type === "string" ? stringText(schema) : type)).join(" or ");
}

function refText(ref: string, definitions: Definitions): string {
  const other = /^urn:cryoscope:v1:(.+)$/.exec(ref)?.[1];
  if (other !== undefined) return `[${other}](${other}.md)`;
  const name = nameOf(ref);
  const definition = definitions[name];
  if (definition === undefined) throw new Error(`${ref} is not there`);
  return hasFields(definition) ? `[${name}](#${anchor(name)})` : typeText(definition, definitions);
}

function valuesText(values: readonly unknown[]): string {
  const list = values.slice(0, manyValues).map(code).join(", ");
  return values.length > manyValues ? `one of ${values.length} words` : list;
}

function code(value: unknown): string {
  return typeof value === "string" ? `\`${value}\`` : `\`${JSON.stringify(value)}\``;
}

function stringText({ pattern, format }: Schema): string {
  if (format === "date-time") return "time";
  if (pattern?.startsWith("^0x") === true) return "hex string";
  return "string";
}
