import type { Finding } from "../../../audit/finding.ts";
import type { FindingFacts } from "../../state/audit-rows.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import { emptyLine, type Line, line, span } from "../../view/line.ts";
import { severitySpan } from "../../view/severity.ts";
import { placesScreen } from "../places/places-screen.ts";
import { wrapped } from "../wrapped.ts";

export interface FindingArgument {
  path: string;
  fingerprint: string;
  title: string;
  /** Was it found with memory looked through? */
  memory: boolean;
  now: number;
}

function section(title: string, text: string | undefined, columns: number): Line[] {
  if (text === undefined || text === "") return [];
  return [emptyLine, line("  ", span(title, "strong")), ...wrapped(text, columns, "plain", 4)];
}

function facts({ facts: known, ruleId, fingerprint }: Finding): Field[] {
  return [
    ...Object.entries(known).map(([name, value]): Field => {
      return [name, typeof value === "object" ? value.join(", ") : String(value)];
    }),
    ["rule", ruleId],
    ["fingerprint", fingerprint],
  ];
}

function findingLines({ finding, rule }: FindingFacts, columns: number): Line[] {
  const { message, remedy, allowed } = finding;
  const until = allowed?.expires == null ? "" : `, until ${allowed.expires}`;
  return [
    emptyLine,
    ...wrapped(message, columns),
    ...section("Allowed by the policy", allowed === null ? "" : allowed.reason + until, columns),
    ...section("Why it matters", rule?.why, columns),
    ...section("What to do", remedy, columns),
    ...section("See", rule?.references?.join(" "), columns),
    ...fieldSection("Facts", facts(finding), columns),
  ];
}

/** One finding: why it matters, what to do, and every place, each of which can be gone to. */
export const findingScreen = placesScreen<FindingArgument, FindingFacts>({
  crumb: "finding",
  question: ({ path, fingerprint, memory, now }, reveal) => ({
    of: "finding",
    path,
    fingerprint,
    memory,
    reveal,
    now,
  }),
  value: (answer) => (answer.of === "finding" ? answer.value : undefined),
  title: ({ title }, value) =>
    value === undefined
      ? line(span(title, "strong"))
      : line(severitySpan(value.finding.severity), "   ", span(title, "strong")),
  lines: findingLines,
});
