/**
 * What an audit was asked to look at: two audits of a node with the same scope answer the same
 * question, and the later answer replaces the earlier one.
 */
export interface AuditScope {
  /** What was named, absolute; `-` is standard input. */
  paths: string[];
  /** Was memory to be searched for secrets? */
  memory: boolean;
  /** `--since` as it was typed; null where archives of any age were looked at. */
  since: string | null;
  /** `--rule` and `--skip`; empty where all rules were asked. */
  rules: string[];
  skip: string[];
}
