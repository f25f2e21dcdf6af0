// What is made from the rules of audits and the detectors of secrets: pure functions, which
// docs.js writes to files and a test compares with them.

/** docs/rules.md */
export function rulesDocument(rules, groups, detectors) {
  const lines = [
    "# Rules of `cryoscope audit`",
    "",
    "Made from the rules themselves by `npm run docs`. A policy switches rules off or gives them",
    "another severity by their ids (`cryoscope audit --print-policy` prints one to begin with).",
    "",
    "| severity | means |",
    "|---|---|",
    "| critical | somebody takes over a node, or it is an attack beyond doubt |",
    "| high | to be mended before the archive is kept or restored |",
    "| medium | should be mended |",
    "| low | worth mending |",
    "| info | worth knowing |",
    "",
    ...tableOfGroups(rules, groups),
  ];
  for (const [group, title] of Object.entries(groups)) {
    const own = rulesOf(rules, group);
    if (own.length === 0) continue;
    lines.push("", `## ${title}`, "");
    for (const rule of own) lines.push(...ruleLines(rule));
    lines.pop();
  }
  return `${[...lines, "", ...detectorLines(detectors)].join("\n")}\n`;
}

function rulesOf(rules, group) {
  const own = rules.filter(({ id }) => id.startsWith(`${group}/`));
  const unique = new Map(own.map((rule) => [rule.id, rule]));
  return [...unique.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function tableOfGroups(rules, groups) {
  const rows = Object.entries(groups)
    .map(([group, title]) => [group, title, rulesOf(rules, group)])
    .filter(([, , own]) => own.length > 0)
    .map(([group, title, own]) => {
      const names = own.map(({ id }) => `[${id.slice(group.length + 1)}](#${anchor(id)})`);
      return `| [${title}](#${anchor(title)}) | ${names.join(", ")} |`;
    });
  return ["| group | rules |", "|---|---|", ...rows];
}

/** As GitHub makes it of a heading. */
function anchor(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

function ruleLines({ id, title, severity, looksAt, why, remedy, references = [] }) {
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

function sentence(title) {
  return /[.!?]$/.test(title) ? title : `${title}.`;
}

function detectorLines(detectors) {
  const sorted = [...detectors].sort((a, b) => order(`${a.group} ${a.id}`, `${b.group} ${b.id}`));
  return [
    "## Detectors of secrets",
    "",
    `What \`memory secrets\` and the rules of secrets look for: ${detectors.length} kinds. A policy names`,
    "them in `secrets.disabled` and in allowances, and adds its own in `secrets.own`.",
    "",
    "| detector | what | group | severity |",
    "|---|---|---|---|",
    ...sorted.map(
      ({ id, title, group, severity }) => `| \`${id}\` | ${cell(title)} | ${group} | ${severity} |`,
    ),
  ];
}

function order(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function cell(text) {
  return text.replaceAll("|", "\\|");
}

/** The schema of policies, with the ids and the engines that there are. */
export function policySchema(schema, rules, detectors, engines) {
  const filled = structuredClone(schema);
  filled.definitions.ruleId.enum = [...new Set(rules.map(({ id }) => id))].sort(order);
  filled.definitions.builtInDetector.enum = detectors.map(({ id }) => id).sort(order);
  filled.properties.expect.properties.runtimes.items.enum = [...engines];
  return filled;
}
