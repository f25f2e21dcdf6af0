import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * The Kubernetes API as the project's own client has it, which is generated from its OpenAPI
 * document: names and types of fields from the models, and which have to be there from their
 * declarations.
 */
const models = join(
  dirname(createRequire(import.meta.url).resolve("@kubernetes/client-node/package.json")),
  "dist/gen/models",
);

interface Model {
  attributeTypeMap: { baseName: string; type: string; format: string }[];
}

interface Fields {
  types: Map<string, string>;
  required: string[];
}

const known = new Map<string, Promise<Fields>>();

function fieldsOf(name: string): Promise<Fields> {
  const reading = known.get(name) ?? readModel(name);
  known.set(name, reading);
  return reading;
}

async function readModel(name: string): Promise<Fields> {
  const path = join(models, `${name}.js`);
  const module = (await import(pathToFileURL(path).href)) as Record<string, Model>;
  const model = module[name] as Model;
  const declared = readFileSync(join(models, `${name}.d.ts`), "utf8");
  const required = [...declared.matchAll(/^ {4}'(\w+)': /gm)].map(([, field]) => field as string);
  return {
    types: new Map(model.attributeTypeMap.map(({ baseName, type }) => [baseName, type])),
    required,
  };
}

/**
 * What is wrong with an object of the API: fields that it does not know, that are missing, or of
 * another type.
 * @param type `V1Pod`
 */
export async function apiFaults(type: string, value: unknown, path = ""): Promise<string[]> {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    const each = value.map((entry, at) => apiFaults(list, entry, `${path}[${at}]`));
    return (await Promise.all(each)).flat();
  }
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  if (map !== undefined) {
    if (!isObject(value)) return [`${path} is no map`];
    const each = Object.entries(value).map(([key, it]) => apiFaults(map, it, `${path}.${key}`));
    return (await Promise.all(each)).flat();
  }
  if (["string", "number", "boolean"].includes(type)) {
    const fits = typeof value === type && (type !== "number" || Number.isInteger(value));
    return fits ? [] : [`${path} is no ${type}`];
  }
  if (type === "IntOrString") {
    return typeof value === "string" || Number.isInteger(value) ? [] : [`${path} is no ${type}`];
  }
  if (!isObject(value)) return [`${path} is no ${type}`];
  const { types, required } = await fieldsOf(type);
  const missing = required.filter((field) => !Object.hasOwn(value, field));
  const faults = missing.map((field) => `${path}.${field} is missing`);
  for (const [field, entry] of Object.entries(value)) {
    const wanted = types.get(field);
    if (wanted === undefined) faults.push(`${path}.${field} is unknown`);
    else faults.push(...(await apiFaults(wanted, entry, `${path}.${field}`)));
  }
  return faults;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
