import { formatCount } from "../../base/units.ts";
import type { ArchiveAudit } from "../audit.ts";
import type { Finding } from "../finding.ts";

/** Bytes of findings that are kept for the report, about 25,000 of them; as JSON they take twice that. */
const mostBytes = 16 * 1024 * 1024;
/** Of an archive beyond that, the gravest. */
const kept = 3;

/**
 * Keeps a report in memory however many archives it is of, and whatever they hold. What is left out
 * is said of each archive; whoever counts, counts before.
 */
export class FindingBudget {
  #left: number;

  constructor(most = mostBytes) {
    this.#left = most;
  }

  /** The audit as the report has room for it. Depends on the audits before it alone. */
  keep(audit: ArchiveAudit): ArchiveAudit {
    const weight = audit.findings.reduce((sum, finding) => sum + weigh(finding), 0);
    if (weight <= this.#left) {
      this.#left -= weight;
      return audit;
    }
    // The gravest that count stand first, so that the exit code is that of all.
    const counting = audit.findings.filter(({ allowed }) => allowed === null);
    const findings = counting.slice(0, kept).map((finding) => ({
      ...finding,
      places: finding.places.slice(0, 1),
    }));
    const more = audit.findings.length - findings.length;
    if (more === 0) return { ...audit, findings };
    const message = `${formatCount(more)} further findings are not listed, because the report is full; audit this archive by itself`;
    const told = { severity: "warning", code: "findings-not-listed", message } as const;
    return { ...audit, findings, problems: [...audit.problems.slice(0, kept), told] };
  }
}

/** About the bytes that a finding takes in memory. */
function weigh({ message, remedy, facts, places }: Finding): number {
  const texts = message.length + remedy.length;
  const named = places.reduce(
    (sum, { path = "", member = "", mapping = "" }) =>
      sum + 120 + path.length + member.length + mapping.length,
    0,
  );
  const values = Object.values(facts).reduce<number>(
    (sum, value) =>
      sum + 60 + (typeof value === "object" ? value.join("").length : `${value}`.length),
    0,
  );
  return 400 + texts + named + values;
}
