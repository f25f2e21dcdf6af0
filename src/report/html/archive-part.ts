import type { ArchiveAudit } from "../../audit/audit.ts";
import { formatBytes, formatCount, formatMicroseconds } from "../../base/units.ts";
import { tally } from "../audit-counts.ts";
import { custodyPart, problemsPart } from "./custody-part.ts";
import { allowedPart, findingsPart, type RuleBook } from "./findings-part.ts";
import { factList, type Html, html, type Part, timeOf } from "./markup.ts";
import { memoryPart, sizesPart } from "./memory-part.ts";
import { processPart, socketPart } from "./process-part.ts";
import { severityCounts } from "./severity-mark.ts";

const engines: Readonly<Record<string, string>> = {
  "cri-o": "CRI-O",
  containerd: "containerd",
  podman: "Podman",
  criu: "CRIU",
};

/** Whose checkpoint it is: `shop/cart-0/app`, or the file where nothing says. */
export function archiveName({ namespace, pod, container, path }: ArchiveAudit): string {
  const names = [namespace, pod, container].filter((name) => name !== null);
  return names.length === 0 ? fileName(path) : names.join("/");
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** When it was made and by what: `CRI-O · crun · frozen 2026-11-21 21:20:14 UTC`. */
function subtitle(audit: ArchiveAudit): Part {
  const { engine, checkpointedAt, details } = audit;
  const parts: Part[] = [];
  if (engine !== null) parts.push(engines[engine] ?? engine);
  if (details?.ociRuntime) parts.push(details.ociRuntime);
  if (checkpointedAt !== null) parts.push(html`frozen ${timeOf(checkpointedAt)}`);
  if (audit.sizeBytes !== null) parts.push(formatBytes(audit.sizeBytes));
  return parts.map((part, at) => [at > 0 && " · ", part]);
}

/** All that the page says of one archive. */
export function archivePart(audit: ArchiveAudit, at: number, book: RuleBook): Html {
  const { fault, details, findings, problems, custody } = audit;
  const counted = findings.filter(({ allowed }) => allowed === null);
  const allowed = findings.filter((finding) => finding.allowed !== null);
  return html`<article class="archive" id="archive-${at}" aria-labelledby="title-${at}">
<header><h2 id="title-${at}">${archiveName(audit)}</h2><p class="sub">${subtitle(audit)}</p></header>
${fault !== null && faultPart(fault)}
${fault === null && severityCounts(tally(findings))}
${facts(audit)}
${findings.length > 0 && html`<section><h3>Findings</h3>${findingsPart(counted, book)}${allowedPart(allowed)}</section>`}
${details !== undefined && [sizesPart(details), memoryPart(details), processPart(details), socketPart(details)]}
${problemsPart(problems)}${custodyPart(custody)}
</article>
`;
}

function faultPart({ kind, message, next }: NonNullable<ArchiveAudit["fault"]>): Html {
  const what = kind === "refused" ? "Not opened" : "Could not be read";
  return html`<p class="verdict high"><strong><span aria-hidden="true">✗</span> ${what}.</strong> ${message}${next !== null && html`<br>${next}`}</p>`;
}

function facts(audit: ArchiveAudit): Html {
  const { details } = audit;
  const searched = audit.memorySearched
    ? "looked through for secrets"
    : "not looked through for secrets";
  return factList([
    ["Node", audit.node],
    ["Archive", html`<code>${audit.path}</code>`],
    ["Image", audit.image],
    ["Image reference", details?.imageRef === audit.image ? null : details?.imageRef],
    ["Container id", audit.id === null ? null : html`<code>${audit.id}</code>`],
    ["Pod uid", details?.podUid],
    ["Created", timeOf(details?.createdAt ?? null)],
    [
      "Frozen for",
      details === undefined || details.frozenFor === null
        ? null
        : formatMicroseconds(details.frozenFor),
    ],
    ["Architecture", details?.architecture],
    ["Members", details === undefined ? null : formatCount(details.members)],
    ["Memory", audit.fault === null ? searched : null],
    ["Engine told from", details?.evidence.join("; ")],
  ]);
}
