import type { Field } from "./field.ts";
import { dateForm, parseExpiry } from "./forms.ts";
import { compilePattern } from "./pattern.ts";
import type { AllowEntry } from "./policy.ts";

/** Ids that a policy may name. */
export interface PolicyNames {
  rules: readonly string[];
  detectors: readonly string[];
}

const conditions = ["fingerprint", "rule", "detector", "path"] as const;

/** One entry of `allow`. */
export function readAllowance(field: Field, names: PolicyNames): AllowEntry {
  const fields = field.known([...conditions, "reason", "expires"]);
  const entry: AllowEntry = {
    reason: field.required(fields, "reason", "why it is accepted").text("why it is accepted"),
  };
  const fingerprint = fields.get("fingerprint");
  if (fingerprint !== undefined) entry.fingerprint = readFingerprint(fingerprint);
  const rule = fields.get("rule");
  if (rule !== undefined) entry.rule = readRulePattern(rule, names.rules);
  const detector = fields.get("detector");
  if (detector !== undefined) {
    entry.detector = detector.id(names.detectors, "detector", "the id of a detector");
  }
  const path = fields.get("path");
  if (path !== undefined) entry.path = path.pattern();
  const expires = fields.get("expires");
  if (expires !== undefined) entry.expires = readExpiry(expires);
  if (conditions.every((name) => !fields.has(name))) {
    throw field.fault("allows everything", `at least one of ${conditions.join(", ")}`);
  }
  return entry;
}

function readFingerprint(field: Field): string {
  const allowed = "32 hexadecimal digits, as the report shows them";
  const value = field.text(allowed);
  if (!/^[0-9a-f]{32}$/.test(value)) throw field.fault("is no fingerprint", allowed);
  return value;
}

function readRulePattern(field: Field, rules: readonly string[]): string {
  const value = field.pattern();
  if (rules.some(compilePattern(value))) return value;
  throw field.unknown(value, rules, "rule", "ids of docs/rules.md, or patterns of them");
}

function readExpiry(field: Field): string {
  const value = field.text(dateForm);
  if (parseExpiry(value) === undefined) throw field.fault("is no date", dateForm);
  return value;
}
