import type { ArchiveAudit, AuditReport, FindingCounts } from "../../audit/audit.ts";
import type { Finding } from "../../audit/finding.ts";
import type { RuleText } from "../../audit/rule.ts";
import type { Problem } from "../../base/problem.ts";
import { formatBytes, formatCount } from "../../base/units.ts";
import { countGrave, tally, type VerdictFigures } from "../audit-counts.ts";
import { archiveName, archivePart, fileName } from "./archive-part.ts";
import { problemsPart } from "./custody-part.ts";
import { allowedPart, findingsPart, type RuleBook } from "./findings-part.ts";
import { Html, html, timeOf } from "./markup.ts";
import { countMarks, severityCounts } from "./severity-mark.ts";
import { styleSheet } from "./style-sheet.ts";

export interface HtmlOptions {
  /** Version of this program. */
  version: string;
  /** Were secrets shown when the report was made? The page says so. */
  revealed: boolean;
  rules: readonly RuleText[];
}

/** Nothing may be loaded, run or sent; the style stands in the page. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * An audit as one page for hand-over: complete in itself, without scripts, for reading and for
 * printing. Comes in pieces, one for each archive; what is drawn of an archive stands in its
 * `details`. All text of archives is escaped, and sanitised as for a terminal.
 */
export function* renderHtml(report: AuditReport, options: HtmlOptions): Generator<string> {
  const book: RuleBook = new Map(options.rules.map((rule) => [rule.id, rule]));
  const { archives } = report;
  yield html`<!DOCTYPE html>
<html lang="en">
${head(titleOf(report))}<body>
${header(report, options)}
<main>
`.text;
  if (archives.length > 1) yield contents(archives).text;
  for (const [at, audit] of archives.entries()) yield archivePart(audit, at + 1, book).text;
  yield html`${housekeepingPart("All archives together", "housekeeping", report.housekeeping, book)}${unchangedPart(report.unchanged)}${besides(report.problems)}${foot(options)}`
    .text;
}

function titleOf({ archives }: AuditReport): string {
  const [only] = archives;
  return archives.length === 1 && only !== undefined ? archiveName(only) : "checkpoints";
}

/** @param what the page is about */
export function head(what: string): Html {
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Audit of ${what}</title>
<style>${new Html(styleSheet)}</style>
</head>
`;
}

function header(report: AuditReport, { revealed, version }: HtmlOptions): Html {
  const { archives, counts } = report;
  const [only] = archives;
  const what =
    archives.length === 1 && only !== undefined
      ? fileName(only.path)
      : `${formatCount(archives.length)} checkpoints`;
  return headerPart(
    { auditedAt: report.auditedAt, what, verdict: verdict(figuresOf(report)) },
    archives.length > 1 ? counts : null,
    { revealed, version },
  );
}

/** What stands at the top: when, of what, and what it comes to. */
export function headerPart(
  about: { auditedAt: string; what: string; verdict: Html },
  counts: FindingCounts | null,
  { revealed, version }: Pick<HtmlOptions, "revealed" | "version">,
): Html {
  const secrets = revealed
    ? html`<p class="verdict medium"><strong><span aria-hidden="true">!</span> Secrets are shown.</strong> Treat this page as you would treat the archive.</p>`
    : html`<p class="dim">Secrets are masked.</p>`;
  return html`<header>
<p class="kind">Checkpoint audit · ${timeOf(about.auditedAt)} · cryoscope ${version}</p>
<h1>${about.what}</h1>
${about.verdict}
${counts !== null && severityCounts(counts)}
${secrets}
</header>`;
}

type Figures = Pick<VerdictFigures, "failOn" | "counts" | "archives" | "unread">;

function figuresOf({ failOn, counts, archives }: AuditReport): Figures {
  const unread = archives.filter(({ fault }) => fault !== null).length;
  return { failOn, counts, archives: archives.length, unread };
}

/** What an audit comes to, in a sentence. */
export function verdict({ failOn, counts, archives, unread }: Figures): Html {
  const grave = countGrave(counts, failOn);
  const closed =
    unread > 0 && ` ${formatCount(unread)} of ${formatCount(archives)} could not be looked into.`;
  if (grave > 0) {
    return html`<p class="verdict high"><strong><span aria-hidden="true">✗</span> ${formatCount(grave)} ${grave === 1 ? "finding" : "findings"} at or above ${failOn}.</strong>${closed}</p>`;
  }
  const nothing = failOn === "none" ? "No threshold was set." : `No finding at or above ${failOn}.`;
  if (unread > 0) {
    return html`<p class="verdict high"><strong><span aria-hidden="true">✗</span>${closed}</strong> ${nothing}</p>`;
  }
  return html`<p class="verdict ok"><strong><span aria-hidden="true">✓</span> ${nothing}</strong></p>`;
}

/** All archives in one table, each with a link to its place on the page. */
function contents(archives: readonly ArchiveAudit[]): Html {
  const rows = archives.map((audit, at) => {
    const { sizeBytes, fault, findings } = audit;
    const state =
      fault === null
        ? countMarks(tally(findings))
        : html`<span class="mark high"><span aria-hidden="true">✗</span> ${fault.kind === "refused" ? "not opened" : "unreadable"}</span>`;
    return html`<tr><th scope="row"><a href="#archive-${at + 1}">${archiveName(audit)}</a> <span class="file">${fileName(audit.path)}</span></th><td>${timeOf(audit.checkpointedAt)}</td><td class="number">${sizeBytes !== null && formatBytes(sizeBytes)}</td><td>${state}</td></tr>`;
  });
  return html`<nav class="archive" aria-label="Archives"><table class="wide"><thead><tr><th scope="col">Checkpoint</th><th scope="col">Frozen</th><th scope="col" class="number">Size</th><th scope="col">Findings</th></tr></thead><tbody>${rows}</tbody></table></nav>
`;
}

export function foot({ version }: Pick<HtmlOptions, "version">): Html {
  return html`</main>
<footer><p>Made by cryoscope ${version}. This page loads nothing and runs nothing.</p></footer>
</body>
</html>
`;
}

/** What is to be said of archives together. @param id of the part on the page */
export function housekeepingPart(
  title: string,
  id: string,
  findings: readonly Finding[],
  book: RuleBook,
): Html {
  if (findings.length === 0) return html``;
  const counted = findings.filter(({ allowed }) => allowed === null);
  const allowed = findings.filter((finding) => finding.allowed !== null);
  return html`<article class="archive" aria-labelledby="${id}"><h2 id="${id}">${title}</h2><h3>Findings</h3>${findingsPart(counted, book)}${allowedPart(allowed)}</article>
`;
}

/** What was passed over because it is as it was. Its findings are told where it was audited. */
function unchangedPart(unchanged: AuditReport["unchanged"]): Html {
  if (unchanged.length === 0) return html``;
  const rows = unchanged.map(
    ({ path, auditedAt, counts }) =>
      html`<tr><th scope="row"><code>${path}</code></th><td>${timeOf(auditedAt)}</td><td>${countMarks(counts)}</td></tr>`,
  );
  return html`<section class="archive" aria-labelledby="unchanged"><h2 id="unchanged">Not audited again</h2><p class="sub">These are as they were when they were audited last.</p>
<table class="wide"><thead><tr><th scope="col">Archive</th><th scope="col">Audited</th><th scope="col">Findings then</th></tr></thead><tbody>${rows}</tbody></table></section>
`;
}

/** What is to be said of the audit itself. */
export function besides(problems: readonly Problem[]): Html {
  if (problems.length === 0) return html``;
  return html`<article class="archive" aria-label="The audit itself">${problemsPart(problems)}</article>
`;
}
