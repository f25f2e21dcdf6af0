import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ValidateFunction } from "ajv/dist/2020.js";
import { Ajv2020 } from "ajv/dist/2020.js";

const validators = new Map<string, ValidateFunction>();
let folder: string | undefined;

/** Where the schemas are: below the repository `root`. */
export function readSchemasOf(root: string): void {
  folder = join(root, "src/report/schema");
}

/** What of a document does not fit the schema of its kind, in one line. */
export function schemaFault(kind: string, document: unknown): string | undefined {
  const validate = validators.get(kind) ?? compiled(kind);
  if (validate(document)) return undefined;
  const first = validate.errors?.[0];
  return `${first?.instancePath} ${first?.message} ${JSON.stringify(first?.params)}`;
}

function compiled(kind: string): ValidateFunction {
  const name = kind.replaceAll(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
  const schema = JSON.parse(readFileSync(join(folder ?? "", `${name}.json`), "utf8"));
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema);
  validators.set(kind, validate);
  return validate;
}
