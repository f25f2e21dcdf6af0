import { apiVersion } from "../../base/document.ts";
import { parseSize, sizeForm } from "../../base/size.ts";
import { engines } from "../../runtime/engine.ts";
import { type Severity, severities } from "../severity.ts";
import type { Field } from "./field.ts";
import { durationForm, parseDuration } from "./forms.ts";
import { compilePattern, isPattern } from "./pattern.ts";
import type { AllowEntry, OwnDetector, Policy, RuleSetting } from "./policy.ts";
import { type PolicyNames, readAllowance } from "./read-allowance.ts";

/** What one file says. What it is silent about is not there. */
export interface PolicyPatch {
  failOn?: Policy["failOn"];
  /** By id; null takes back what an extended policy says of the rule. */
  rules: [id: string, setting: RuleSetting | null][];
  thresholds: Partial<Policy["thresholds"]>;
  expect: Partial<Policy["expect"]>;
  disabled: string[];
  own: OwnDetector[];
  allow: AllowEntry[];
  keep: string[];
}

/** Keys of a policy file. */
const keys = [
  "apiVersion",
  "kind",
  "extends",
  "failOn",
  "rules",
  "thresholds",
  "expect",
  "secrets",
  "allow",
  "keep",
] as const;

type PolicyFields = Map<(typeof keys)[number], Field>;

/** The sections of a file, each by its key. A section without a value says nothing. */
export function policyFields(root: Field): PolicyFields {
  const fields = root.known(keys);
  const head = (name: "apiVersion" | "kind", value: string): void => {
    root.required(fields, name, `${name}: ${value}`).oneOf([value], `${name} of a policy`);
  };
  head("apiVersion", apiVersion);
  head("kind", "AuditPolicy");
  return fields;
}

/** `secrets.disabled` or `secrets.own`, where something is written there. */
export function secretsField(fields: PolicyFields, name: "disabled" | "own"): Field | undefined {
  return said(said(fields.get("secrets"))?.known(["disabled", "own"]).get(name));
}

function said(field: Field | undefined): Field | undefined {
  return field === undefined || field.isNull ? undefined : field;
}

/**
 * @param names ids that are known, those of detectors of extended policies included.
 * @param own what stands in `secrets.own`, which takes an engine for expressions to read.
 */
export function readPatch(
  fields: PolicyFields,
  names: PolicyNames,
  own: OwnDetector[],
): PolicyPatch {
  const detectors = [...names.detectors, ...own.map(({ id }) => id)];
  const failOn = fields.get("failOn")?.oneOf([...severities, "none"], "severity");
  return {
    ...(failOn === undefined ? {} : { failOn }),
    rules: (said(fields.get("rules"))?.entries() ?? []).flatMap(([id, field]) =>
      readRule(id, field, names.rules),
    ),
    thresholds: readSection(said(fields.get("thresholds")), thresholdReaders),
    expect: readSection(said(fields.get("expect")), expectReaders),
    disabled: (secretsField(fields, "disabled")?.list() ?? []).map((field) =>
      field.id(detectors, "detector", "ids of detectors, or of the policy's own"),
    ),
    own,
    allow: (said(fields.get("allow"))?.list() ?? []).map((field) =>
      readAllowance(field, { rules: names.rules, detectors }),
    ),
    keep: said(fields.get("keep"))?.patterns() ?? [],
  };
}

const settingForm =
  "off, on, a severity (critical, high, medium, low, info), or a mapping with enabled and severity";

/** One key of `rules`: an id or a pattern of ids, with a word or a mapping. */
function readRule(
  id: string,
  field: Field,
  rules: readonly string[],
): [string, RuleSetting | null][] {
  const chosen = isPattern(id) ? rules.filter(compilePattern(id)) : rules.filter((it) => it === id);
  if (chosen.length === 0) throw field.unknown(id, rules, "rule", "ids of docs/rules.md");
  const setting = readSetting(field);
  return chosen.map((it) => [it, setting]);
}

function readSetting(field: Field): RuleSetting | null {
  const { scalar } = field;
  if (field.isNull) return null;
  if (scalar === false || scalar === "off") return { enabled: false };
  if (scalar === true || scalar === "on") return { enabled: true };
  if (scalar !== undefined) {
    if ((severities as readonly unknown[]).includes(scalar)) {
      return { severity: scalar as Severity };
    }
    throw field.fault("is no setting of a rule", settingForm);
  }
  const fields = field.known(["enabled", "severity"]);
  const enabled = fields.get("enabled")?.truth();
  const severity = fields.get("severity")?.oneOf(severities, "severity");
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(severity === undefined ? {} : { severity }),
  };
}

/** How each key of a section is read. */
type Readers<Section> = { [Key in keyof Section]-?: (field: Field) => Section[Key] };

function readSection<Section extends object>(
  field: Field | undefined,
  readers: Readers<Section>,
): Partial<Section> {
  const read: Partial<Section> = {};
  if (field === undefined) return read;
  for (const [name, value] of field.known(Object.keys(readers) as (keyof Section & string)[])) {
    read[name] = readers[name](value);
  }
  return read;
}

function seconds(field: Field): number {
  const parsed = typeof field.scalar === "string" ? parseDuration(field.scalar) : undefined;
  if (parsed === undefined) throw field.fault("is no duration", durationForm);
  return parsed;
}

function bytes(field: Field): number {
  const { scalar } = field;
  const whole = typeof scalar === "number" && Number.isSafeInteger(scalar);
  const parsed = typeof scalar === "string" || whole ? parseSize(`${scalar}`) : undefined;
  if (parsed === undefined) throw field.fault("is no size", sizeForm);
  return parsed;
}

function count(field: Field): number {
  const { scalar } = field;
  if (typeof scalar === "number" && Number.isSafeInteger(scalar) && scalar >= 0) return scalar;
  throw field.fault("is no count", "a whole number, 0 or more");
}

/** null says that there is no limit, or that anything is expected. */
function orNull<T>(read: (field: Field) => T): (field: Field) => T | null {
  return (field) => (field.isNull ? null : read(field));
}

const patterns = (field: Field): string[] => field.patterns();

const thresholdReaders: Readers<Policy["thresholds"]> = {
  maxAge: orNull(seconds),
  maxArchivesPerContainer: orNull(count),
  maxBytesPerContainer: orNull(bytes),
  maxBytesPerPod: orNull(bytes),
  maxBytesPerNamespace: orNull(bytes),
  maxBytesPerDirectory: orNull(bytes),
  minFreeBytes: orNull(bytes),
  clockSkew: seconds,
};

const capabilityForm = "a capability such as CAP_NET_RAW";

const expectReaders: Readers<Policy["expect"]> = {
  runtimes: orNull((field) => field.list().map((it) => it.oneOf(engines, "runtime"))),
  images: orNull(patterns),
  namespaces: orNull(patterns),
  listeners: orNull((field) => field.list().map((it) => endpoint(it, "tcp/8080, udp/*"))),
  outbound: orNull((field) => field.list().map((it) => endpoint(it, "tcp/10.0.0.0/8:5432"))),
  directories: patterns,
  writableHostPaths: patterns,
  capabilities: (field) =>
    field.list().map((it) => {
      const name = it.text(capabilityForm).toUpperCase();
      if (!/^CAP_[A-Z_]{1,40}$/.test(name)) throw it.fault("is no capability", capabilityForm);
      return name;
    }),
};

/** Protocol, then address and port, as patterns. */
function endpoint(field: Field, example: string): string {
  const value = field.pattern();
  if (/^[a-z0-9*?]+\/\S+$/i.test(value)) return value;
  throw field.fault("is no protocol with address and port", `PROTOCOL/ADDRESS:PORT: ${example}`);
}
