import type { ArchiveAudit, AuditReport } from "../audit/audit.ts";
import type { Finding } from "../audit/finding.ts";
import type { RuleText } from "../audit/rule.ts";
import { sanitize } from "../base/text.ts";
import { isGrave } from "./audit-counts.ts";
import { nameOf } from "./audit-view.ts";
import { findingPlace } from "./audit-words.ts";
import { renderPlace } from "./problems.ts";
import { element, type Xml } from "./xml.ts";

/** How a test ended, as JUnit counts it. */
type Outcome = "passed" | "failure" | "error" | "skipped";

interface Case {
  group: string;
  name: string;
  outcome: Outcome;
  /** One line; of what passed it is not shown. */
  message: string;
  /** Lines below it. */
  text: string;
  type: string;
}

/** Tests that belong together, with what is known of their subject. */
export interface Suite {
  name: string;
  properties: [name: string, value: string][];
  cases: Case[];
}

/**
 * An audit as JUnit's XML: a suite an archive, a test a rule. A rule fails where a finding that
 * nobody allowed is as grave as the threshold; what is milder stands in the output of a test that
 * passed.
 * @param rules all that there are, those about archives together included
 * @param disabled ids of rules that were not asked
 */
export function* renderJUnit(
  report: AuditReport,
  rules: readonly RuleText[],
  disabled: ReadonlySet<string> = new Set(),
): Generator<string> {
  const { archives, housekeeping } = report;
  const suites = archives.map((archive) => archiveSuite(archive, rules, disabled, report));
  suites.push(togetherSuite("archives together", housekeeping, rules, disabled, report));
  yield junitHead(countCases(suites.flatMap(({ cases }) => cases)));
  for (const suite of suites) yield suiteXml(suite, report.auditedAt);
  yield junitEnd;
}

/** How the document begins. @param totals of all suites */
export function junitHead(totals: Readonly<Record<string, string>>): string {
  const head = element("testsuites", { name: "cryoscope audit", ...totals, time: "0" });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head.open}\n`;
}

export const junitEnd = "</testsuites>\n";

function isTogether({ id }: RuleText): boolean {
  return id.startsWith("housekeeping/");
}

/** What is asked of archives together. @param rules all that there are */
export function togetherSuite(
  name: string,
  housekeeping: readonly Finding[],
  rules: readonly RuleText[],
  disabled: ReadonlySet<string>,
  report: Pick<AuditReport, "failOn">,
): Suite {
  const asked = rules.filter(isTogether);
  const cases = asked.map((rule) => toCase(rule, housekeeping, disabled, report, null));
  return { name, properties: [], cases };
}

/** @param rules all that there are */
export function archiveSuite(
  archive: ArchiveAudit,
  rules: readonly RuleText[],
  disabled: ReadonlySet<string>,
  report: Pick<AuditReport, "failOn">,
): Suite {
  const { path, engine, image, checkpointedAt, findings, memorySearched } = archive;
  const known: [string, string | null][] = [
    ["container", nameOf(archive)],
    ["engine", engine],
    ["image", image],
    ["checkpointedAt", checkpointedAt],
    ["memorySearched", `${memorySearched}`],
  ];
  const unread = archive.fault === null ? null : "the archive was not read";
  return {
    name: path,
    properties: known.filter((entry): entry is [string, string] => entry[1] !== null),
    cases: [
      readingCase(archive),
      ...rules
        .filter((rule) => !isTogether(rule))
        .map((rule) => toCase(rule, findings, disabled, report, unread)),
    ],
  };
}

/** The test that there was something to test: the archive was read, and whole. */
function readingCase({ fault, problems }: ArchiveAudit): Case {
  const errors = problems.filter(({ severity }) => severity === "error");
  const lines = errors.map(({ message, where }) => {
    const place = renderPlace(where);
    return sanitize(place === "" ? message : `${message} (${place})`);
  });
  const head = { group: "archive", name: "archive is read whole", text: lines.join("\n") };
  if (fault !== null) {
    const text = fault.next === null ? "" : `next: ${fault.next}`;
    return { ...head, outcome: "error", message: fault.message, text, type: fault.kind };
  }
  if (lines.length === 0) return { ...head, outcome: "passed", message: "", type: "" };
  return { ...head, outcome: "error", message: lines[0] as string, type: "incomplete" };
}

/** @param unread why a rule without findings was not asked */
function toCase(
  { id, title }: RuleText,
  findings: readonly Finding[],
  disabled: ReadonlySet<string>,
  { failOn }: Pick<AuditReport, "failOn">,
  unread: string | null,
): Case {
  const own = findings.filter(({ ruleId }) => ruleId === id);
  const grave = own.filter((finding) => isGrave(finding, failOn));
  const [group, name] = id.split("/") as [string, string];
  const head = { group, name: `${name}: ${title}` };
  const told = grave.length > 0 ? grave : own;
  const text = told.map(findingText).join("\n\n");
  const [first] = grave;
  if (first !== undefined) {
    const more = grave.length === 1 ? "" : ` (and ${grave.length - 1} more)`;
    const message = `${first.message}${more}`;
    return { ...head, outcome: "failure", message, text, type: first.severity };
  }
  const skipped = (message: string): Case => ({
    ...head,
    outcome: "skipped",
    message,
    text: "",
    type: "",
  });
  if (disabled.has(id)) return skipped("the policy does not ask this rule");
  if (own.length === 0 && unread !== null) return skipped(unread);
  const [allowance] = own;
  if (allowance?.allowed && own.every(({ allowed }) => allowed !== null)) {
    return skipped(`allowed: ${allowance.allowed.reason}`);
  }
  return { ...head, outcome: "passed", message: "", text, type: "" };
}

function findingText({ severity, message, places, remedy, fingerprint, allowed }: Finding): string {
  const told = allowed === null ? severity : `allowed (${allowed.reason})`;
  const where = places.map(findingPlace).filter((place) => place !== "");
  return [
    sanitize(`${told}: ${message}`),
    ...where.map((place) => `  at ${sanitize(place)}`),
    `  remedy: ${sanitize(remedy)}`,
    `  fingerprint: ${fingerprint}`,
  ].join("\n");
}

export function countCases(cases: readonly Case[]): Record<string, string> {
  const count = (outcome: Outcome): string =>
    `${cases.filter((it) => it.outcome === outcome).length}`;
  return {
    tests: `${cases.length}`,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
  };
}

export function suiteXml({ name, properties, cases }: Suite, auditedAt: string): string {
  const attributes = {
    name,
    ...countCases(cases),
    time: "0",
    // JUnit's times have no zone; these are UTC.
    timestamp: auditedAt.slice(0, 19),
  };
  const told = properties.map(([key, value]) => element("property", { name: key, value }));
  const inner: Xml[] = told.length === 0 ? [] : [element("properties", {}, told)];
  return `${element("testsuite", attributes, [...inner, ...cases.map(caseXml)]).text("  ")}\n`;
}

function caseXml({ group, name, outcome, message, text, type }: Case): Xml {
  const attributes = { classname: `cryoscope.${group}`, name, time: "0" };
  if (outcome === "passed") {
    return element("testcase", attributes, text === "" ? [] : [element("system-out", {}, text)]);
  }
  const about = type === "" ? { message } : { message, type };
  return element("testcase", attributes, [element(outcome, about, text)]);
}
