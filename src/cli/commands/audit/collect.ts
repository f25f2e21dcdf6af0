import { dirname } from "node:path";
import {
  type ArchiveAudit,
  type AuditOrigin,
  type AuditReport,
  addCounts,
  allFindings,
  countFindings,
  type FindingCounts,
  type UnchangedArchive,
} from "../../../audit/audit.ts";
import type { Finding } from "../../../audit/finding.ts";
import { evaluateHousehold } from "../../../audit/housekeeping/evaluate-household.ts";
import type { Holding, Household } from "../../../audit/housekeeping/holding.ts";
import { readFolders } from "../../../audit/housekeeping/read-folders.ts";
import { allowanceProblems } from "../../../audit/policy/allow.ts";
import type { Policy } from "../../../audit/policy/policy.ts";
import { FindingBudget } from "../../../audit/run/budget.ts";
import { RuleCounts } from "../../../audit/run/figures.ts";
import type { SeenArchive } from "../../../audit/run/state.ts";
import { apiVersion } from "../../../base/document.ts";
import { formatTime, parseTime } from "../../../base/time.ts";
import { identityByName } from "../../../checkpoint/summary.ts";
import type { Target } from "./targets.ts";

type Names = Pick<ArchiveAudit, "container" | "pod" | "namespace" | "checkpointedAt">;

/** Makes one report of audits as they come. */
export class ReportCollector {
  readonly #policy: Policy;
  readonly #origin: AuditOrigin;
  readonly #whole: boolean;
  readonly #now: number;
  readonly #archives: ArchiveAudit[] = [];
  readonly #unchanged: UnchangedArchive[] = [];
  readonly #budget = new FindingBudget();
  readonly #counts: FindingCounts = countFindings([]);
  readonly #rules = new RuleCounts();
  readonly #names = new Map<string, Names>();

  /** @param whole are all rules asked of all archives? */
  constructor(policy: Policy, now: number, origin: AuditOrigin, whole: boolean) {
    this.#origin = origin;
    this.#whole = whole;
    this.#policy = policy;
    this.#now = now;
  }

  add(audit: ArchiveAudit): void {
    const { container, pod, namespace, checkpointedAt, findings } = audit;
    this.#names.set(audit.path, { container, pod, namespace, checkpointedAt });
    addCounts(this.#counts, countFindings(findings));
    this.#rules.add(findings);
    this.#archives.push(this.#budget.keep(audit));
  }

  /** One that was not looked at again. */
  pass(path: string, { auditedAt, counts, ...names }: SeenArchive): void {
    this.#names.set(path, names);
    this.#unchanged.push({ path, auditedAt, counts });
  }

  /** @param targets all archives that lie there, those that were left out by their time too. */
  async report(
    targets: readonly Target[],
  ): Promise<{ report: AuditReport; household: Household; rules: RuleCounts }> {
    const holdings = targets.flatMap((target) => this.#holding(target));
    const folders = await readFolders(holdings.map(({ folder }) => folder));
    const household = { holdings, folders };
    const housekeeping = evaluateHousehold(household, this.#policy, this.#now);
    this.#rules.add(housekeeping);
    addCounts(this.#counts, countFindings(housekeeping));
    const report: AuditReport = {
      apiVersion,
      kind: "AuditReport",
      unchanged: this.#unchanged,
      problems: this.#problems(housekeeping),
      ...this.#origin,
      failOn: this.#policy.failOn,
      auditedAt: formatTime(this.#now),
      archives: this.#archives,
      housekeeping,
      counts: this.#counts,
    };
    return { report, household, rules: this.#rules };
  }

  /** Whether an allowance fits nothing, only an audit of everything can say. */
  #problems(housekeeping: Finding[]): AuditReport["problems"] {
    const found = [...allFindings({ archives: this.#archives, housekeeping })];
    const problems = allowanceProblems(found, this.#policy, this.#now);
    if (this.#whole) return problems;
    return problems.filter(({ code }) => code !== "allowance-unused");
  }

  #holding({ path, stats }: Target): Holding[] {
    if (stats === undefined || !stats.isFile()) return [];
    const names = this.#names.get(path) ?? identityByName(path);
    const { container, pod, namespace, checkpointedAt } = names;
    return [
      {
        path,
        folder: dirname(path),
        sizeBytes: Number(stats.size),
        modifiedAt: Number(stats.mtimeNs / 1_000_000n),
        checkpointedAt: checkpointedAt === null ? null : (parseTime(checkpointedAt) ?? null),
        container,
        pod,
        namespace,
      },
    ];
  }
}
