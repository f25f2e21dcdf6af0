import type { Severity } from "../../../audit/severity.ts";
import type { CommonOptions } from "../../options.ts";

/** Forms of a report. */
export type AuditFormat = CommonOptions["output"] | "sarif" | "junit" | "html" | "prometheus";

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
  node?: string;
  prune?: boolean;
  yes?: boolean;
  /** The words of the command line. */
  typed: readonly string[];
}
