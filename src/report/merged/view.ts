import type { Finding } from "../../audit/finding.ts";
import type { MergedEntry, MergedReport, MergedSource } from "../../audit/merge/merge.ts";
import { sanitize } from "../../base/text.ts";
import { formatBytes, formatCount } from "../../base/units.ts";
import { count, isGrave, tallyWords, verdictOf } from "../audit-counts.ts";
import { renderArchive } from "../audit-view.ts";
import { groupTitles } from "../audit-words.ts";
import { renderAuditRemedies, renderFindings } from "../finding-view.ts";
import { renderProblems } from "../problems.ts";
import { indent } from "../sections.ts";
import { plainStyle, type Style } from "../style.ts";
import type { TableOptions } from "../table.ts";
import type { MergedOptions } from "./json.ts";
import { Remedies } from "./remedies.ts";

/** Findings about the archives of one node together that are shown; there are five rules for them. */
export const mostHousekeeping = 200;

/**
 * A merged report for people, in pieces: a heading for each node with what it adds up to, below it
 * the archives with findings; then what to do, what is wrong with reports, and the sum. `wide` shows
 * archives without findings too.
 */
export async function* renderMerged(
  merged: MergedReport,
  { failOn }: MergedOptions,
  options: TableOptions,
): AsyncGenerator<string> {
  const style = options.style ?? plainStyle;
  const remedies = new Remedies();
  const pages = new NodePages(merged.sources, options);
  for await (const entry of merged.entries()) {
    yield* pages.upTo(entry.source);
    if (entry.kind === "archive") remedies.add(entry.value.findings);
    if (entry.kind === "housekeeping") remedies.add([entry.value]);
    yield pages.entry(entry);
  }
  yield* pages.upTo(merged.sources.length);
  const todo = renderAuditRemedies(remedies.findings(), options);
  if (todo !== "") yield `\n${style.bold("What to do")}\n${todo}`;
  if (merged.problems.length > 0) {
    yield `\n${style.bold("The reports")}\n${renderProblems(merged.problems, style)}`;
  }
  yield `${merged.sources.length > 0 ? "\n" : ""}${mergedVerdict(merged, failOn, style)}`;
}

/** Writes nodes in their order, also those of which there is nothing to tell. */
class NodePages {
  readonly #sources: readonly MergedSource[];
  readonly #options: TableOptions;
  #next = 0;
  #together: Finding[] = [];

  constructor(sources: readonly MergedSource[], options: TableOptions) {
    this.#sources = sources;
    this.#options = options;
  }

  /** Ends the node before, and begins all up to this one. */
  *upTo(source: number): Generator<string> {
    if (source < this.#next) return;
    yield this.#end();
    for (; this.#next < Math.min(source + 1, this.#sources.length); this.#next += 1) {
      yield this.#heading(this.#sources[this.#next] as MergedSource);
    }
  }

  entry(entry: MergedEntry): string {
    if (entry.kind === "housekeeping") {
      if (this.#together.length < mostHousekeeping) this.#together.push(entry.value);
      return "";
    }
    if (entry.kind === "unchanged") return "";
    const { findings, problems, fault, custody } = entry.value;
    const quiet = findings.length + problems.length === 0 && fault === null && custody === null;
    if (quiet && !this.#options.wide) return "";
    return `\n${indent(renderArchive(entry.value, false, narrow(this.#options)))}`;
  }

  #heading({ node, path, auditedAt, totals }: MergedSource): string {
    const style = this.#options.style ?? plainStyle;
    const name = style.bold(style.accent(sanitize(node ?? path)));
    const about = [count(totals.archives, "archive"), formatBytes(totals.bytes), auditedAt];
    const found = tallyWords(totals.counts, style) || style.green("nothing found");
    const parts = [found];
    const { refused, broken, partly, unchanged } = totals;
    if (refused + broken > 0) parts.push(style.red(`${formatCount(refused + broken)} not read`));
    if (partly > 0) parts.push(style.red(`${formatCount(partly)} not whole`));
    if (unchanged > 0) parts.push(`${formatCount(unchanged)} unchanged`);
    const first = this.#next === 0 ? "" : "\n";
    return `${first}${name}  ${style.dim(sanitize(about.join(", ")))}\n  ${parts.join("; ")}\n`;
  }

  #end(): string {
    const together = this.#together;
    this.#together = [];
    if (together.length === 0) return "";
    const style = this.#options.style ?? plainStyle;
    const body = renderFindings(together, { ...narrow(this.#options), margin: 2, remedies: false });
    return `\n  ${style.bold(groupTitles.housekeeping)}\n${indent(body)}`;
  }
}

function narrow(options: TableOptions): TableOptions {
  return options.width === undefined ? options : { ...options, width: options.width - 2 };
}

/** The last line: how many nodes and archives, what was found, and what that means. */
export function mergedVerdict(
  { sources, totals, faults, replaced }: MergedReport,
  failOn: MergedOptions["failOn"],
  style: Style,
): string {
  if (sources.length + faults.length === 0) return "· no reports: nothing was merged\n";
  const { archives, refused, broken, partly, unchanged, counts, unchangedCounts } = totals;
  const figures = {
    failOn,
    archives,
    unread: refused + broken,
    partly,
    unchanged,
    counts,
    unchangedCounts: [unchangedCounts],
  };
  const nodes = new Set(sources.map(({ node, path }) => node ?? `\0${path}`)).size;
  const more = faults.length === 0 ? [] : [`${count(faults.length, "fault")} in reports`];
  const older =
    replaced === 0 ? "" : style.dim(`, ${formatCount(replaced)} older reports passed over`);
  return `${count(nodes, "node")}${older}\n${verdictOf(figures, style, more)}`;
}

/** Lines of `-q`: `NODE:PATH` of archives with a finding as grave as the threshold, or not read. */
export async function* quietMerged(
  merged: MergedReport,
  { failOn }: MergedOptions,
): AsyncGenerator<string> {
  for await (const { kind, value, source } of merged.entries()) {
    if (kind !== "archive") continue;
    const { fault, findings, path } = value;
    if (fault === null && !findings.some((it) => isGrave(it, failOn))) continue;
    yield `${sanitize(placed(merged.sources[source]?.node ?? null, path))}\n`;
  }
}

/** A path on a node, as scp writes it. */
export function placed(node: string | null, path: string): string {
  return node === null ? path : `${node}:${path}`;
}
