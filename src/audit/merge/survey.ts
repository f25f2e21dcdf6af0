import { apiVersion } from "../../base/document.ts";
import { ArchiveError, Fault } from "../../base/errors.ts";
import { HeldBytes } from "../../base/held-bytes.ts";
import type { Problem } from "../../base/problem.ts";
import { formatBytes, formatCount } from "../../base/units.ts";
import type { AuditOrigin } from "../audit.ts";
import { type Cut, JsonCutter } from "./json-cutter.ts";
import { readScope } from "./read-parts.ts";
import { type ReadEntry, readEntry, reportParts } from "./read-report.ts";
import type { ReportFile } from "./report-file.ts";
import { orNull, text, time } from "./shape.ts";
import { addArchive, addFindings, addUnchanged, emptyTotals, type Totals } from "./totals.ts";

/** What is known of a report after it was read once. Its entries are read again when they are told. */
export interface SurveyedReport extends AuditOrigin {
  file: ReportFile;
  /** Where it begins in its file. */
  offset: number;
  /** Its bytes, where the file cannot be read from there again. */
  held: HeldBytes | null;
  /** RFC 3339; empty where a broken report does not say. */
  auditedAt: string;
  totals: Totals;
  /** What the audit said of itself. */
  problems: Problem[];
  /** What is wrong with the report, with the offset; its entries up to there count. */
  faults: Fault[];
  /** Was it read to its end? */
  whole: boolean;
}

/** Packed bytes that are held of what comes through pipes. */
const mostHeld = 64 * 1024 * 1024;
/** Of one report. */
const mostProblems = 16;
const mostFaults = 16;
/** Documents of one file that are no reports; beyond them the rest is not read. */
const mostForeign = 16;

/** What is held of all files. */
interface HoldBudget {
  left: number;
}

export function holdBudget(most = mostHeld): HoldBudget {
  return { left: most };
}

/**
 * Reads a file once: which reports are in it, one behind another, and what they add up to. Faults
 * are results: what stands before one counts.
 */
export async function* surveyFile(
  file: ReportFile,
  budget: HoldBudget,
): AsyncGenerator<SurveyedReport> {
  const reports = new FileSurvey(file, budget);
  try {
    for await (const chunk of file.read(0)) {
      for (const report of reports.take(chunk)) yield report;
      if (reports.foreign === mostForeign) return;
    }
    reports.finish();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    yield reports.broken(error.at({ path: file.path }));
  }
}

/** The reports of one file, one behind another. */
class FileSurvey {
  readonly #cutter = new JsonCutter(reportParts);
  readonly #file: ReportFile;
  readonly #budget: HoldBudget;
  #count = 0;
  #base = 0;
  #open: Survey | undefined;
  /** Documents that are no reports. */
  foreign = 0;

  constructor(file: ReportFile, budget: HoldBudget) {
    this.#file = file;
    this.#budget = budget;
  }

  /** Reports that end in this chunk. */
  *take(chunk: Uint8Array): Generator<SurveyedReport> {
    for (const cut of this.#cutter.push(chunk)) {
      if (cut.kind === "begin") this.#open = this.#begin(cut.at);
      this.#open?.take(cut);
      if (cut.kind !== "end" || this.#open === undefined) continue;
      this.#open.hold(chunk, this.#base, cut.at);
      const report = this.#open.end();
      this.#open = undefined;
      if (report.auditedAt === "") this.foreign += 1;
      yield report;
      if (this.foreign === mostForeign) return;
    }
    this.#open?.hold(chunk, this.#base, this.#base + chunk.length);
    this.#base += chunk.length;
  }

  finish(): void {
    this.#cutter.finish();
    if (this.#count === 0) throw empty(this.#base);
  }

  broken(fault: Fault): SurveyedReport {
    return (this.#open ?? new Survey(this.#file, this.#base, undefined)).broken(fault);
  }

  /** The first report of a compressed file can be unpacked again; what lies behind it is held. */
  #begin(at: number): Survey {
    const again = this.#count === 0 && this.#file.path !== "-";
    this.#count += 1;
    return new Survey(this.#file, at, again ? undefined : this.#budget);
  }
}

/** One report while it goes by. */
class Survey {
  readonly #report: SurveyedReport;
  readonly #budget: HoldBudget | undefined;
  readonly #head = new Map<string, unknown>();
  #heldTo: number;
  #moreFaults = 0;

  /** @param budget where its bytes are to be held */
  constructor(file: ReportFile, offset: number, budget: HoldBudget | undefined) {
    const holding = budget !== undefined && !file.seekable;
    this.#budget = holding ? budget : undefined;
    this.#heldTo = offset;
    this.#report = {
      file,
      offset,
      held: holding ? new HeldBytes() : null,
      node: null,
      scope: null,
      auditedAt: "",
      totals: emptyTotals(),
      problems: [],
      faults: [],
      whole: false,
    };
  }

  take(cut: Cut): void {
    if (cut.kind === "field") this.#head.set(cut.name, cut.value);
    else if (cut.kind === "item") this.#count(readEntry(cut));
  }

  /** Keeps what a chunk has of it. @throws ArchiveError where too much would be held */
  hold(chunk: Uint8Array, base: number, end: number): void {
    const { held } = this.#report;
    if (held === null || this.#budget === undefined) return;
    const before = held.room;
    held.add(chunk.subarray(this.#heldTo - base, end - base));
    this.#heldTo = end;
    this.#budget.left -= held.room - before;
    if (this.#budget.left >= 0) return;
    this.#budget.left += held.room;
    this.#report.held = new HeldBytes();
    this.#report.totals = emptyTotals();
    throw new ArchiveError({
      code: "report-held",
      what: "more came through a pipe than is held here, and a merge reads reports twice",
      where: { offset: this.#report.offset },
      found: `more than ${formatBytes(mostHeld)}, packed`,
      allowed: `reports of ${formatBytes(mostHeld)}, packed`,
      next: "save it to a file that is not compressed, and name that",
    });
  }

  end(): SurveyedReport {
    if (this.#moreFaults > 0) this.#report.faults.push(furtherFaults(this.#moreFaults));
    try {
      this.#judge();
      return { ...this.#report, whole: this.#report.faults.length === 0 };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // What is no report of an audit has nothing to tell.
      this.#report.totals = emptyTotals();
      const told = error.at({ path: this.#report.file.path, offset: this.#report.offset });
      return { ...this.#report, faults: [told] };
    }
  }

  broken(fault: Fault): SurveyedReport {
    if (this.#head.size > 0) this.end();
    this.#report.faults = [fault, ...this.#report.faults];
    return { ...this.#report, whole: false };
  }

  #judge(): void {
    const head = this.#head;
    const report = this.#report;
    const version = head.get("apiVersion");
    if (version !== apiVersion || head.get("kind") !== "AuditReport") {
      throw foreign(
        `apiVersion ${JSON.stringify(version)}, kind ${JSON.stringify(head.get("kind"))}`,
      );
    }
    if (head.has("reports")) throw foreign("a report that was merged of others");
    report.node = orNull(text)(head.get("node") ?? null, "/node");
    report.scope = orNull(readScope)(head.get("scope") ?? null, "/scope");
    report.auditedAt = time(head.get("auditedAt"), "/auditedAt");
  }

  #count(entry: ReadEntry): void {
    const { totals, problems, faults, file } = this.#report;
    if (entry.kind === "archive") addArchive(totals, entry.value);
    else if (entry.kind === "housekeeping") addFindings(totals, [entry.value]);
    else if (entry.kind === "unchanged") addUnchanged(totals, entry.value.counts);
    else if (entry.kind === "problem" && problems.length < mostProblems) problems.push(entry.value);
    else if (entry.kind !== "faulty") return;
    else if (faults.length < mostFaults) faults.push(entry.fault.at({ path: file.path }));
    else this.#moreFaults += 1;
  }
}

function foreign(found: string): ArchiveError {
  return new ArchiveError({
    code: "report-kind",
    what: "this is no report of an audit of one node",
    found: found.length > 120 ? `${found.slice(0, 120)}…` : found,
    allowed: `apiVersion "${apiVersion}", kind "AuditReport", not merged yet`,
    next: "give what cryoscope audit -o json prints; merge all nodes at once",
  });
}

function furtherFaults(count: number): ArchiveError {
  return new ArchiveError({
    code: "report-shape",
    what: `${formatCount(count)} further entries of the report are not what an audit prints`,
    next: "take the report from its node again",
  });
}

function empty(bytes: number): ArchiveError {
  return new ArchiveError({
    code: "report-empty",
    what: "there is no report in it",
    where: { offset: bytes },
    found: bytes === 0 ? "an empty file" : `${bytes} bytes of white space`,
    next: "give what cryoscope audit -o json prints",
  });
}
