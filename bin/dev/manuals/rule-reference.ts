// docs/rules.md, from the rules of audits and the detectors of secrets.
import { everyRule } from "../../../src/audit/every-rule.ts";
import type { RuleText } from "../../../src/audit/rule.ts";
import type { Detector } from "../../../src/memory/secrets/detector.ts";
import { detectors } from "../../../src/memory/secrets/detectors.ts";
import { namers } from "../../../src/memory/secrets/named.ts";
import { groupTitles } from "../../../src/report/audit-words.ts";
import { anchor, table } from "./markdown.ts";

/** Kinds of secrets, by whatever they are found. */
export const secretKinds: readonly Pick<Detector, "id" | "title" | "group" | "severity">[] = [
  ...detectors,
  ...namers,
];

export function ruleReference(): string {
  const groups = Object.entries(groupTitles);
  return `${[
    "# Rules of `cryoscope audit`",
    "",
    "Made from the rules themselves by `npm run docs`. A policy switches rules off or gives them",
    "another severity by their ids (`cryoscope audit --print-policy` prints one to begin with).",
    "",
    ...table(
      ["severity", "means"],
      [
        ["critical", "somebody takes over a node, or it is an attack beyond doubt"],
        ["high", "to be mended before the archive is kept or restored"],
        ["medium", "should be mended"],
        ["low", "worth mending"],
        ["info", "worth knowing"],
      ],
    ),
    ...table(
      ["group", "rules"],
      groups.map(([group, title]) => [`[${title}](#${anchor(title)})`, linksTo(group)]),
    ),
    ...groups.flatMap(([group, title]) => [`## ${title}`, "", ...rulesOf(group).flatMap(section)]),
    "## Detectors of secrets",
    "",
    `What \`memory secrets\` and the rules of secrets look for: ${secretKinds.length} kinds. A policy names`,
    "them in `secrets.disabled` and in allowances, and adds its own in `secrets.own`.",
    "",
    ...tableOfKinds(),
  ]
    .join("\n")
    .trimEnd()}\n`;
}

function rulesOf(group: string): RuleText[] {
  return everyRule
    .filter(({ id }) => id.startsWith(`${group}/`))
    .sort((one, other) => order(one.id, other.id));
}

function linksTo(group: string): string {
  return rulesOf(group)
    .map(({ id }) => `[${id.slice(group.length + 1)}](#${anchor(id)})`)
    .join(", ");
}

function section({
  id,
  title,
  severity,
  looksAt,
  why,
  remedy,
  references = [],
}: RuleText): string[] {
  return [
    `### ${id}`,
    "",
    `**${sentence(title)}** Severity: ${severity}.`,
    "",
    why,
    "",
    `- Looks at: ${looksAt}`,
    `- What to do: ${remedy}`,
    ...references.map((url) => `- <${url}>`),
    "",
  ];
}

function sentence(title: string): string {
  return /[.!?]$/.test(title) ? title : `${title}.`;
}

function tableOfKinds(): readonly string[] {
  const sorted = secretKinds.toSorted((a, b) => order(`${a.group} ${a.id}`, `${b.group} ${b.id}`));
  return table(
    ["detector", "what", "group", "severity"],
    sorted.map(({ id, title, group, severity }) => [`\`${id}\``, title, group, severity]),
  );
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
