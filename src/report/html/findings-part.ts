import type { Finding, FindingPlace } from "../../audit/finding.ts";
import type { RuleText } from "../../audit/rule.ts";
import { formatCount } from "../../base/units.ts";
import { findingPlace, groupTitles, severityOrder } from "../audit-words.ts";
import { type Html, html, type Part, prose, timeOf } from "./markup.ts";
import { severityMark } from "./severity-mark.ts";

/** Rules by their id. */
export type RuleBook = ReadonlyMap<string, RuleText>;

/** Places that are shown at once; the others are folded. */
const placesShown = 6;

/** Findings under the title of their group, the gravest group first; each rule's together. */
export function findingsPart(findings: readonly Finding[], book: RuleBook): Html {
  const titles: Readonly<Record<string, string>> = groupTitles;
  const order = Object.keys(titles);
  const groups = [...grouped(findings, ({ group }) => group)].map(([id, members]) => ({
    id,
    members,
    worst: Math.min(...members.map(({ severity }) => severityOrder.indexOf(severity))),
  }));
  groups.sort((a, b) => a.worst - b.worst || order.indexOf(a.id) - order.indexOf(b.id));
  return html`${groups.map(
    ({ id, members }) =>
      html`<section class="group"><h4>${titles[id] ?? id}</h4>${rulesOf(members, book)}</section>`,
  )}`;
}

/** What the policy allows, with the reason: counted nowhere, but told. */
export function allowedPart(findings: readonly Finding[]): Html {
  if (findings.length === 0) return html``;
  const items = findings.map(({ ruleId, message, allowed, severity }) => {
    const until = allowed?.expires ?? null;
    return html`<li>${severityMark(severity)} <span class="message">${message}</span> <code class="dim">${ruleId}</code><br>${allowed?.reason}${until !== null && html` <span class="dim">until ${timeOf(until)}</span>`}</li>`;
  });
  return html`<details class="fold"><summary>${formatCount(findings.length)} allowed by the policy</summary><ul class="plain">${items}</ul></details>`;
}

function rulesOf(findings: readonly Finding[], book: RuleBook): Html[] {
  const rules = [...grouped(findings, ({ ruleId }) => ruleId).values()];
  return rules.map((members) => ruleCard(members, book));
}

function ruleCard(findings: readonly Finding[], book: RuleBook): Html {
  const first = findings[0] as Finding;
  const rule = book.get(first.ruleId);
  const remedies = new Set(findings.map(({ remedy }) => remedy));
  const own = remedies.size > 1;
  const items = findings.map((finding) => findingItem(finding, own, first.severity));
  const links = rule?.references ?? [];
  return html`<article class="finding ${first.severity}">
<h5>${severityMark(first.severity)} ${first.title}</h5>
<ul class="sightings">${items}</ul>
${!own && remedyLine(first.remedy)}
${rule !== undefined && html`<p class="why">${prose(rule.why)}</p>`}
<p class="foot"><code>${first.ruleId}</code>${links.map((link) => html` <span class="link">${link}</span>`)}</p>
</article>`;
}

function remedyLine(remedy: string): Html {
  return html`<p class="remedy"><strong>What to do</strong> ${prose(remedy)}</p>`;
}

function findingItem(finding: Finding, withRemedy: boolean, usual: Finding["severity"]): Html {
  const { message, severity, remedy, facts, fingerprint } = finding;
  const known = Object.entries(facts).map(([name, value]) => `${name} ${valueText(value)}`);
  return html`<li>${severity !== usual && html`${severityMark(severity)} `}<span class="message">${message}</span>
${known.length > 0 && html`<p class="facts">${known.map((fact) => html`<span>${fact}</span> `)}</p>`}${placesPart(finding.places)}${withRemedy && remedyLine(remedy)}<code class="print" title="Fingerprint: the same in every audit of this container">${fingerprint}</code></li>`;
}

function valueText(value: Finding["facts"][string]): string {
  return typeof value === "object" ? value.join(", ") : String(value);
}

function placesPart(places: readonly FindingPlace[]): Part {
  if (places.length === 0) return null;
  const item = (place: FindingPlace): Html => html`<li>${findingPlace(place)}</li>`;
  const shown = html`<ul class="places">${places.slice(0, placesShown).map(item)}</ul>`;
  const rest = places.slice(placesShown);
  if (rest.length === 0) return shown;
  return html`${shown}<details><summary>${formatCount(rest.length)} more places</summary><ul class="places">${rest.map(item)}</ul></details>`;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
