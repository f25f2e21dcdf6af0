import type { RuleText } from "../../src/audit/rule.ts";
import type { Detector } from "../../src/memory/secrets/detector.ts";

export function rulesDocument(
  rules: readonly RuleText[],
  groups: Readonly<Record<string, string>>,
  detectors: readonly Pick<Detector, "id" | "title" | "group" | "severity">[],
): string;

export function policySchema<Schema>(
  schema: Schema,
  rules: readonly RuleText[],
  detectors: readonly Pick<Detector, "id" | "title" | "group" | "severity">[],
  engines: readonly string[],
): Schema;
