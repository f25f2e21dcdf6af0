import type { FindingCounts } from "../../audit/audit.ts";
import type { Severity } from "../../audit/severity.ts";
import { formatCount } from "../../base/units.ts";
import { severityOrder, severitySign } from "../audit-words.ts";
import { bar } from "./bar.ts";
import { type Html, html } from "./markup.ts";

/** The sign is for eyes; who listens hears the word. */
function sign(severity: Severity): Html {
  return html`<span aria-hidden="true">${severitySign(severity)}</span>`;
}

/** Sign and word of a severity, in its colour. */
export function severityMark(severity: Severity): Html {
  return html`<span class="mark ${severity}">${sign(severity)} ${severity}</span>`;
}

/** `2 high, 1 low` in colours; a word of peace where there is nothing. */
export function countMarks({ bySeverity }: FindingCounts): Html {
  const some = severityOrder.filter((severity) => bySeverity[severity] > 0);
  if (some.length === 0)
    return html`<span class="mark ok"><span aria-hidden="true">✓</span> nothing found</span>`;
  const marks = some.map(
    (severity) =>
      html`<span class="mark ${severity}">${sign(severity)} ${formatCount(bySeverity[severity])} ${severity}</span> `,
  );
  return html`<span class="marks">${marks}</span>`;
}

/** How many findings there are of each severity: figures, and a bar of their shares. */
export function severityCounts({ bySeverity, allowed }: FindingCounts): Html {
  const tiles = severityOrder.map((severity) => {
    const count = bySeverity[severity];
    const quiet = count === 0 ? "none" : severity;
    return html`<li class="${quiet}"><strong>${formatCount(count)}</strong> <span>${sign(severity)} ${severity}</span></li>`;
  });
  const parts = severityOrder.map((severity) => ({
    name: severity,
    fill: severity,
    size: bySeverity[severity],
    told: formatCount(bySeverity[severity]),
  }));
  const note =
    allowed > 0 && html`<p class="dim">${formatCount(allowed)} more allowed by the policy</p>`;
  return html`<ul class="counts" aria-label="Findings by severity">${tiles}</ul>${bar(parts)}${note}`;
}
