import type { ArchiveAudit, AuditReport, UnchangedArchive } from "../audit/audit.ts";
import type { RuleGroup } from "../audit/rule.ts";
import { sanitize } from "../base/text.ts";
import { formatBytes, formatCount } from "../base/units.ts";
import { countsLine, isGrave, verdictLine } from "./audit-counts.ts";
import { groupTitles } from "./audit-words.ts";
import { renderCustody } from "./custody-view.ts";
import { renderAuditRemedies, renderFindings } from "./finding-view.ts";
import { renderProblems } from "./problems.ts";
import { indent } from "./sections.ts";
import { plainStyle, type Style } from "./style.ts";
import type { TableOptions } from "./table.ts";

/**
 * Renders an audit for people: each archive with its findings by group, the gravest first; what
 * to do, once for each rule; then what is about archives together, and the sum. `wide` shows every
 * place, fingerprint and fact.
 */
export function renderAudit(report: AuditReport, options: TableOptions): string {
  const style = options.style ?? plainStyle;
  const { archives, unchanged, housekeeping, problems } = report;
  // Of one archive what to do stands below each rule; of many it would stand there many times.
  const remedies = archives.length <= 1;
  const blocks = archives.map((archive) => renderArchive(archive, remedies, options));
  if (housekeeping.length > 0) {
    const body = renderFindings(housekeeping, { ...options, margin: 2, remedies });
    blocks.push(`${style.bold(groupTitles.housekeeping)}\n${body}`);
  }
  if (unchanged.length > 0) blocks.push(renderUnchanged(unchanged, options));
  if (!remedies) {
    const found = [...archives.flatMap(({ findings }) => findings), ...housekeeping];
    const body = renderAuditRemedies(found, options);
    if (body !== "") blocks.push(`${style.bold("What to do")}\n${body}`);
  }
  if (problems.length > 0) {
    blocks.push(`${style.bold("The audit")}\n${renderProblems(problems, style)}`);
  }
  blocks.push(verdictLine(report, style));
  return joinBlocks(blocks);
}

/** Blocks of one line stand close together, others have an empty line around them. */
function joinBlocks(blocks: readonly string[]): string {
  let text = "";
  for (const [at, block] of blocks.entries()) {
    const last = at === blocks.length - 1;
    const close = isOneLine(block) && isOneLine(blocks[at - 1]) && !last;
    text += at === 0 || close ? block : `\n${block}`;
  }
  return text;
}

function isOneLine(block: string | undefined): boolean {
  return block !== undefined && block.indexOf("\n") === block.length - 1;
}

export function renderArchive(
  archive: ArchiveAudit,
  remedies: boolean,
  options: TableOptions,
): string {
  const style = options.style ?? plainStyle;
  const { findings, problems, fault, custody } = archive;
  const quiet = findings.length === 0 && problems.length === 0 && custody === null;
  if (fault === null && quiet) {
    const name = style.bold(sanitize(nameOf(archive)));
    return `${style.green("✓ nothing found")}  ${name}  ${style.dim(sanitize(aboutOf(archive)))}\n`;
  }
  let text = heading(archive, style);
  // What is a finding as well is told once, with its rule.
  if (fault !== null && findings.every(({ message }) => message !== fault.message)) {
    const sign = fault.kind === "refused" ? "✗ refused" : "✗ not read";
    text += `  ${style.red(sign)}  ${sanitize(fault.message)}\n`;
    if (fault.next !== null) text += `    ${style.dim("next")}  ${sanitize(fault.next)}\n`;
  }
  for (const [group, title] of Object.entries(groupTitles)) {
    const ofGroup = findings.filter((finding) => finding.group === (group as RuleGroup));
    if (ofGroup.length === 0) continue;
    const shown = { ...options, margin: 4, remedies, archive: archive.path };
    text += `\n  ${style.bold(title)}\n${renderFindings(ofGroup, shown)}`;
  }
  if (problems.length > 0) {
    text += `\n  ${style.bold("Problems")}\n${indent(renderProblems(problems, style))}`;
  }
  if (custody !== null) {
    text += `\n  ${style.bold("Custody")}\n${renderCustody(custody, options)}`;
  }
  return text;
}

function heading(archive: ArchiveAudit, style: Style): string {
  const counts = countsLine(archive.findings, style);
  const name = sanitize(nameOf(archive));
  const title = style.bold(style.accent(name));
  const about = sanitize(aboutOf(archive));
  // A file that tells nothing of itself has its path for a name.
  const path = name === sanitize(archive.path) ? "" : `  ${style.dim(sanitize(archive.path))}\n`;
  const line = about === "" ? title : `${title}  ${style.dim(about)}`;
  return `${line}\n${path}${counts === "" ? "" : `  ${counts}\n`}`;
}

/** Namespace, pod and container as far as they are known, else the path. */
export function nameOf({ namespace, pod, container, path }: ArchiveAudit): string {
  const known = [namespace, pod, container].filter((part) => part !== null && part !== "");
  return known.length === 0 ? path : known.join("/");
}

function aboutOf({
  engine,
  sizeBytes,
  checkpointedAt,
  memorySearched,
  fault,
}: ArchiveAudit): string {
  return [
    engine,
    sizeBytes === null ? null : formatBytes(sizeBytes),
    checkpointedAt,
    memorySearched || fault !== null ? null : "memory not searched",
  ]
    .filter((part) => part !== null)
    .join(", ");
}

function renderUnchanged(unchanged: readonly UnchangedArchive[], options: TableOptions): string {
  const style = options.style ?? plainStyle;
  const many = `${formatCount(unchanged.length)} unchanged since the last audit`;
  const shown = options.wide ? unchanged : [];
  const lines = shown.map(
    ({ path, auditedAt }) => `  ${sanitize(path)}  ${style.dim(auditedAt)}\n`,
  );
  return `${style.dim(`· ${many}`)}\n${lines.join("")}`;
}

/** Lines of `-q`: archives with a finding as grave as the threshold, or that were not read. */
export function quietAudit({ archives, failOn }: AuditReport): string {
  return archives
    .filter(({ fault, findings }) => fault !== null || findings.some((it) => isGrave(it, failOn)))
    .map(({ path }) => `${sanitize(path)}\n`)
    .join("");
}
