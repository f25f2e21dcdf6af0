import type { Severity } from "../../../audit/severity.ts";
import type { CommonOptions } from "../../options.ts";

/** Forms of a report. */
export type AuditFormat = CommonOptions["output"] | "sarif" | "junit" | "html" | "prometheus";

/** A form of a report and the file or address that it goes to. */
export interface ReportTarget {
  format: AuditFormat;
  file: string;
}

export interface AuditCommandOptions extends Omit<CommonOptions, "output"> {
  output: AuditFormat;
  failOn?: Severity | "none";
  policy?: string;
  printPolicy?: boolean;
  rule?: string[];
  skip?: string[];
  memory: boolean;
  summary?: boolean;
  since?: string;
  changedOnly?: boolean;
  state?: string;
  jobs?: number;
  custody?: boolean;
  merge?: boolean;
  /** How often, as it was typed. */
  every?: string;
  /** Further forms of the report, each to its own place. */
  report?: ReportTarget[];
  /** Files are put in the place of those of their names. */
  replace?: boolean;
  /** Octal digits of the mode of files that are replaced. */
  outputMode?: string;
  node?: string;
  prune?: boolean;
  yes?: boolean;
  /** The words of the command line. */
  typed: readonly string[];
}
