import { sanitize } from "../base/text.ts";
import type {
  ContextLine,
  ErrorLine,
  Finding,
  LogExplanation,
  RunExplanation,
} from "../diagnose/log/explanation.ts";
import { causeWords, madeBy, outcomeWords, remedyWords, roleWords } from "./explanation-words.ts";
import { indent, narrower, renderSections, type Section } from "./sections.ts";
import { plainStyle, type Style } from "./style.ts";
import { type Column, renderFields, renderTable, type TableOptions } from "./table.ts";
import { renderTimeline, seconds } from "./timeline-view.ts";
import { wrapWords } from "./wrap.ts";

/** Renders what the logs tell, one run below the other. */
export function renderExplanation(
  { items, problems }: LogExplanation,
  timeline: boolean,
  options: TableOptions,
): string {
  const style = options.style ?? plainStyle;
  const runs = items.map((run) => {
    const sections = renderSections(sectionsOf(run, timeline, options), [], options);
    return `${headline(run, style)}\n${sections}`;
  });
  const last = renderSections([], problems, options);
  return [...runs, last].filter((block) => block !== "").join("\n");
}

/** Lines of `-q`: how each run went, and the error's id. */
export function quietExplanation({ items }: LogExplanation): string {
  return items
    .map(({ log, outcome, finding }) => {
      const id = finding === null ? "" : ` ${finding.id ?? "unknown-error"}`;
      return `${sanitize(log)} ${outcome}${id}\n`;
    })
    .join("");
}

function headline(run: RunExplanation, style: Style): string {
  const bad = run.finding !== null || run.outcome === "failed";
  const good = run.outcome === "succeeded";
  const sign = bad ? style.red("✗") : good ? style.green("✓") : style.yellow("?");
  return `${sign} ${style.bold(sanitize(run.log))}: ${sanitize(outcomeWords(run))}`;
}

function sectionsOf(run: RunExplanation, timeline: boolean, options: TableOptions): Section[] {
  const { finding } = run;
  const rest = run.errors.filter(({ role }) => role !== "cause");
  return [
    { title: "Log", body: renderFields(facts(run), options) },
    ...(finding === null ? [] : findingSections(finding, run, options)),
    { title: finding === null ? "Complaints" : "Other errors", body: others(rest, run, options) },
    { title: "Timeline", body: timeline ? renderTimeline(run, options) : "" },
  ];
}

function facts(run: RunExplanation): [string, string][] {
  const { configurationFiles, options, criu, lines, firstLine, frozenSeconds } = run;
  const rows: [string, string][] = [
    ["Made by", madeBy(run).join(", ")],
    ["Run", criu.runId ?? ""],
    ["Of the dump", criu.dumpRunId ?? ""],
    ["Options from", configurationFiles.join(", ")],
    ["Options", options.join(", ")],
    ["Frozen for", frozenSeconds === null ? "" : seconds(frozenSeconds)],
    ["Lines", firstLine === 1 ? `${lines}` : `${firstLine} to ${firstLine + lines - 1}`],
  ];
  return rows.filter(([, value]) => value !== "");
}

function findingSections(finding: Finding, run: RunExplanation, options: TableOptions): Section[] {
  const style = options.style ?? plainStyle;
  const links = finding.sources.flatMap(({ url }) => (url === null ? [] : [`${url}\n`]));
  return [
    { title: "Error", body: indent(place(finding, run, style)) },
    { title: "Cause", body: paragraph(causeWords(finding), options) },
    { title: "Remedy", body: paragraph(remedyWords(finding), options) },
    { title: "See", body: indent(links.join("")) },
  ];
}

const endWords = "here the log ends";

/** The line of the error among those around it. */
function place(finding: Finding, { errors }: RunExplanation, style: Style): string {
  const { line, message, before, after } = finding;
  const met = errors.find(({ role }) => role === "cause");
  const stamp = met?.seconds == null ? [] : [`${met.seconds.toFixed(6)} s`];
  const where = [`line ${line}`, ...stamp, ...(met?.place == null ? [] : [met.place])].join(", ");
  const width = `${after.at(-1)?.line ?? line}`.length;
  const around = ({ line: at, text }: ContextLine): string =>
    style.dim(`  ${`${at}`.padStart(width)}  ${sanitize(text)}`);
  const itself = `${style.red("✗")} ${`${line}`.padStart(width)}  ${style.bold(sanitize(message === "" ? endWords : message))}`;
  return [style.dim(sanitize(where)), ...before.map(around), itself, ...after.map(around), ""].join(
    "\n",
  );
}

function paragraph(text: string, { width }: TableOptions): string {
  const room = width === undefined ? undefined : Math.max(20, width - 2);
  return indent(`${wrapWords(sanitize(text), room).join("\n")}\n`);
}

function others(
  rows: readonly ErrorLine[],
  { moreErrors }: RunExplanation,
  options: TableOptions,
): string {
  if (rows.length === 0 && moreErrors === 0) return "";
  const table = rows.length === 0 ? "" : renderTable(folded(rows), columns, narrower(options));
  const more = moreErrors === 0 ? "" : `… and ${moreErrors} more\n`;
  return indent(table + more);
}

interface Row extends ErrorLine {
  /** Further lines that say the same, one behind the other. */
  again: number;
}

/** A page that is missing is told once for each process and stretch: once is enough here. */
function folded(lines: readonly ErrorLine[]): Row[] {
  const rows: Row[] = [];
  for (const line of lines) {
    const last = rows.at(-1);
    if (last?.role === line.role && sameWords(last.message) === sameWords(line.message)) {
      last.again += 1;
    } else rows.push({ ...line, again: 0 });
  }
  return rows;
}

const sameWords = (message: string): string => message.replace(/\d+/g, "0");

const times = ({ message, again }: Row): string =>
  again === 0 ? message : `${message}  (and ${again} more of the same)`;

const columns: Column<Row>[] = [
  { title: "LINE", align: "right", cell: ({ line }) => `${line}` },
  { title: "WHAT", cell: ({ role }) => roleWords[role], paint: paintRole },
  { title: "PID", align: "right", wide: true, cell: ({ pid }) => `${pid ?? ""}` },
  { title: "KNOWN AS", cell: ({ known }) => known ?? "", wide: true },
  { title: "MESSAGE", cell: times, flexible: true },
  { title: "PLACE", cell: ({ place: at }) => at ?? "", wide: true },
];

function paintRole(text: string, { role }: ErrorLine, style: Style): string {
  if (role === "separate") return style.red(text);
  return role === "leading" ? style.yellow(text) : style.dim(text);
}
