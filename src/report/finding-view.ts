import type { Finding, FindingPlace } from "../audit/finding.ts";
import type { Severity } from "../audit/severity.ts";
import { sanitize } from "../base/text.ts";
import { formatCount } from "../base/units.ts";
import { findingPlace, paintSeverity, severityOrder, severityWords } from "./audit-words.ts";
import { plainStyle } from "./style.ts";
import type { TableOptions } from "./table.ts";
import { wrapWords } from "./wrap.ts";

/** Of one rule, and of one finding, without `-o wide`. */
const fewFindings = 10;
const fewPlaces = 3;
/** `✗ critical` and two spaces. */
const wordColumns = 12;

/** How findings are shown beside the options of every table. */
interface FindingOptions extends TableOptions {
  /** Columns before each line. */
  margin: number;
  /** Show what to do below each rule; else it is told elsewhere, once. */
  remedies: boolean;
  /** Path of the archive, which no place has to repeat. */
  archive?: string;
}

/**
 * Findings as blocks, one a rule, the gravest first: sign and severity, title and id; below them
 * what was seen and where; at last what to do, once where all have the same remedy. What is allowed
 * comes last.
 */
export function renderFindings(findings: readonly Finding[], options: FindingOptions): string {
  const open = findings.filter(({ allowed }) => allowed === null);
  const allowed = findings.filter((finding) => finding.allowed !== null);
  return [...byGravity(open), ...byGravity(allowed)]
    .map((block) => renderBlock(block, options))
    .join("");
}

/** Findings of each rule, the gravest first, rules by their gravest. */
function byGravity(findings: readonly Finding[]): Finding[][] {
  const sorted = [...findings].sort(
    (a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity),
  );
  return groupBy(sorted, ({ ruleId }) => ruleId);
}

function groupBy(findings: readonly Finding[], keyOf: (finding: Finding) => string): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [finding]);
    else known.push(finding);
  }
  return [...groups.values()];
}

function renderBlock(findings: readonly Finding[], options: FindingOptions): string {
  const style = options.style ?? plainStyle;
  const { ruleId, title, severity, allowed } = findings[0] as Finding;
  const word = allowed === null ? severityWords(severity) : "✓ allowed";
  const painted = allowed === null ? paintSeverity(word, severity, style) : style.green(word);
  const space = " ".repeat(wordColumns - word.length);
  const before = " ".repeat(options.margin);
  let text = `${before}${painted}${space}${sanitize(title)}  ${style.dim(sanitize(ruleId))}\n`;
  const inner = { ...options, margin: options.margin + 4 };
  const shown = options.wide ? findings : findings.slice(0, fewFindings);
  for (const alike of groupBy(shown, ({ remedy }) => remedy)) {
    for (const finding of alike) text += renderFinding(finding, severity, inner);
    if (options.remedies && allowed === null) text += renderRemedy(alike[0] as Finding, inner);
  }
  const more = findings.length - shown.length;
  if (more > 0) {
    text += `${before}    ${style.dim(`and ${formatCount(more)} more (-o wide shows them)`)}\n`;
  }
  return text;
}

function renderRemedy({ remedy }: Finding, options: FindingOptions): string {
  const style = options.style ?? plainStyle;
  return hanging(sanitize(remedy), options, "→ ", style.accent);
}

/** What to do, once for each rule and remedy of findings that nobody allowed, the gravest first. */
export function renderAuditRemedies(findings: readonly Finding[], options: TableOptions): string {
  const style = options.style ?? plainStyle;
  const open = findings.filter(({ allowed }) => allowed === null);
  let text = "";
  for (const alike of byGravity(open)) {
    const { severity, ruleId } = alike[0] as Finding;
    const mark = paintSeverity(severityWords(severity), severity, style);
    const space = " ".repeat(wordColumns - severityWords(severity).length);
    text += `  ${mark}${space}${sanitize(ruleId)}\n`;
    const remedies = [...new Set(alike.map((finding) => finding.remedy))];
    // Remedies that name one archive each would be as many as there are archives.
    const shown = options.wide ? remedies : remedies.slice(0, fewPlaces);
    for (const one of shown) {
      text += hanging(sanitize(one), { ...options, margin: 6 }, "→ ", style.accent);
    }
    const more = remedies.length - shown.length;
    if (more > 0) text += `      ${style.dim(`and ${formatCount(more)} more like it`)}\n`;
  }
  return text;
}

/** @param usual severity of the block, which needs no word */
function renderFinding(finding: Finding, usual: Severity, options: FindingOptions): string {
  const style = options.style ?? plainStyle;
  const { message, severity, places, allowed, fingerprint, facts, secret } = finding;
  const inner = { ...options, margin: options.margin + 2 };
  const word = severity === usual ? "" : `${severity}: `;
  let text = hanging(sanitize(`${word}${message}`), options);
  text += renderPlaces(places, inner);
  if (allowed !== null) {
    const until = allowed.expires === null ? "" : ` (until ${allowed.expires})`;
    text += hanging(sanitize(`${allowed.reason}${until}`), inner, "✓ ", style.green);
  }
  if (!options.wide) return text;
  const prints = [`fingerprint ${fingerprint}`];
  if (secret !== null) prints.push(`secret ${secret.fingerprint} (${secret.detector})`);
  const told = Object.entries(facts).map(([name, value]) => `${name}=${factWords(value)}`);
  for (const line of [...prints, ...(told.length === 0 ? [] : [told.join(" ")])]) {
    text += hanging(sanitize(line), inner, "", style.dim);
  }
  return text;
}

function factWords(value: Finding["facts"][string]): string {
  return typeof value === "object" ? value.join(",") : `${value}`;
}

function renderPlaces(places: readonly FindingPlace[], options: FindingOptions): string {
  const style = options.style ?? plainStyle;
  const told = new Set(places.map((place) => findingPlace(withoutArchive(place, options.archive))));
  told.delete("");
  const shown = [...told].slice(0, options.wide ? told.size : fewPlaces);
  const lines = shown.map((place) => hanging(sanitize(place), options, "", style.dim));
  const more = told.size - shown.length;
  if (more > 0) {
    const places = more === 1 ? "place" : "places";
    lines.push(hanging(`and ${formatCount(more)} more ${places}`, options, "", style.dim));
  }
  return lines.join("");
}

function withoutArchive(place: FindingPlace, archive: string | undefined): FindingPlace {
  if (place.path === undefined || place.path !== archive) return place;
  const { path: _same, ...rest } = place;
  return rest;
}

/** Text behind a margin, its further lines below its first. */
function hanging(
  text: string,
  { width, margin }: Pick<FindingOptions, "width" | "margin">,
  sign = "",
  paint: (text: string) => string = (line) => line,
): string {
  const room = width === undefined ? undefined : Math.max(24, width - margin - sign.length);
  return wrapWords(text, room)
    .map((line, at) => {
      const before = " ".repeat(margin) + (at === 0 ? sign : " ".repeat(sign.length));
      return `${before}${paint(line)}\n`;
    })
    .join("");
}
