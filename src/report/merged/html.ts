import type { Finding } from "../../audit/finding.ts";
import type { MergedReport, MergedSource } from "../../audit/merge/merge.ts";
import { formatBytes, formatCount } from "../../base/units.ts";
import { archivePart } from "../html/archive-part.ts";
import type { RuleBook } from "../html/findings-part.ts";
import { type Html, html, timeOf } from "../html/markup.ts";
import {
  besides,
  foot,
  type HtmlOptions,
  head,
  headerPart,
  housekeepingPart,
  verdict,
} from "../html/render-html.ts";
import { countMarks } from "../html/severity-mark.ts";
import type { MergedOptions } from "./json.ts";
import { mostHousekeeping } from "./view.ts";

/** A merged report as one page, in pieces: the nodes in a table, then each with its archives. */
export async function* renderMergedHtml(
  merged: MergedReport,
  { failOn, now }: MergedOptions,
  options: HtmlOptions,
): AsyncGenerator<string> {
  const { sources, totals, auditedAt } = merged;
  const book: RuleBook = new Map(options.rules.map((rule) => [rule.id, rule]));
  const { archives, counts, refused, broken } = totals;
  const figures = { failOn, counts, archives, unread: refused + broken };
  const what = `${formatCount(archives)} checkpoints in ${formatCount(sources.length)} reports`;
  const about = { auditedAt: auditedAt ?? now, what, verdict: verdict(figures) };
  yield html`<!DOCTYPE html>
<html lang="en">
${head(what)}<body>
${headerPart(about, counts, options)}
<main>
${contents(sources)}`.text;
  let at = 0;
  let next = 0;
  let together: Finding[] = [];
  /** Ends the node before, and begins all up to this one. */
  const upTo = (source: number): string => {
    let text = "";
    for (; next <= source && next < sources.length; next += 1) {
      if (next > 0) text += housekeeping(next - 1, together, book).text;
      together = [];
      text += nodeTitle(next, sources[next] as MergedSource).text;
    }
    return text;
  };
  for await (const { kind, value, source } of merged.entries()) {
    yield upTo(source);
    if (kind === "housekeeping" && together.length < mostHousekeeping) together.push(value);
    if (kind !== "archive") continue;
    at += 1;
    yield archivePart({ node: sources[source]?.node ?? null, ...value }, at, book).text;
  }
  yield upTo(sources.length);
  yield housekeeping(sources.length - 1, together, book).text;
  yield html`${besides(merged.problems)}${foot(options)}`.text;
}

function nameOf({ node, path }: MergedSource): string {
  return node ?? path;
}

function nodeTitle(at: number, source: MergedSource): Html {
  return html`<h2 class="node" id="node-${at + 1}">${nameOf(source)} <span class="dim">${timeOf(source.auditedAt)}</span></h2>
`;
}

function housekeeping(at: number, findings: readonly Finding[], book: RuleBook): Html {
  return housekeepingPart("Archives of this node together", `together-${at + 1}`, findings, book);
}

/** All nodes in one table, each with a link to its place on the page. */
function contents(sources: readonly MergedSource[]): Html {
  const rows = sources.map((source, at) => {
    const { archives, bytes, refused, broken, counts } = source.totals;
    const closed = refused + broken;
    return html`<tr><th scope="row"><a href="#node-${at + 1}">${nameOf(source)}</a></th><td>${timeOf(source.auditedAt)}</td><td class="number">${formatCount(archives)}</td><td class="number">${formatBytes(bytes)}</td><td>${countMarks(counts)}${closed > 0 && html` <span class="mark high"><span aria-hidden="true">✗</span> ${formatCount(closed)} not opened</span>`}</td></tr>`;
  });
  return html`<nav class="archive" aria-label="Nodes"><table class="wide"><thead><tr><th scope="col">Node</th><th scope="col">Audited</th><th scope="col" class="number">Archives</th><th scope="col" class="number">Size</th><th scope="col">Findings</th></tr></thead><tbody>${rows}</tbody></table></nav>
`;
}
