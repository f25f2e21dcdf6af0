// What the schema of policies takes from the sources, so that editors can complete it.
import { everyRule } from "../../../src/audit/every-rule.ts";
import { engines } from "../../../src/runtime/engine.ts";
import { secretKinds } from "./rule-reference.ts";
import type { Schema } from "./schema-fields.ts";

/**
 * The schema of policies (src/audit/policy/audit-policy.json) with the ids and the engines that
 * there are.
 */
export function policySchema(schema: Schema): Schema {
  const filled = structuredClone(schema);
  const allow = (at: Schema | undefined, values: readonly string[]): void => {
    if (at === undefined) throw new Error("the schema of policies reads otherwise now");
    at.enum = [...values];
  };
  const { definitions, properties } = filled;
  allow(definitions?.["ruleId"], idsOf(everyRule));
  allow(definitions?.["builtInDetector"], idsOf(secretKinds));
  allow(properties?.["expect"]?.properties?.["runtimes"]?.items, engines);
  return filled;
}

function idsOf(all: readonly { id: string }[]): string[] {
  return all.map(({ id }) => id).sort();
}
