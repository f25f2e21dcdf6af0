import type { PruneItem, PrunePlan } from "../audit/housekeeping/plan.ts";
import { sanitize } from "../base/text.ts";
import { formatBytes, formatCount } from "../base/units.ts";
import { plainStyle, type Style } from "./style.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

type Row = PruneItem & { state: string; because: string };

/**
 * Renders what a prune deletes and why, then what stays though it is beyond a limit, then the sum.
 * What stays because it is within all limits is shown by `wide`.
 */
export function renderPrune(plan: PrunePlan, options: TableOptions): string {
  const style = options.style ?? plainStyle;
  const rows: Row[] = plan.delete.map((item) => ({
    ...item,
    state: stateOf(plan, item),
    because: item.failure ?? item.why.join("; "),
  }));
  for (const item of plan.keep) {
    if (item.why.length === 0 && !options.wide) continue;
    const reason = item.reason === null ? "within the limits" : reasons[item.reason];
    const because = item.detail === null ? reason : `${reason}: ${item.detail}`;
    rows.push({ ...item, state: "stays", because });
  }
  const table = rows.length === 0 ? "" : `${renderTable(rows, columns, options)}\n`;
  return `${table}${sum(plan, style)}\n`;
}

const reasons: Record<NonNullable<PrunePlan["keep"][number]["reason"]>, string> = {
  pinned: "pinned",
  "hard-linked": "hard-linked",
  "pre-dump": "a dump before a dump",
  "not-private": "not locked down",
  "not-a-checkpoint": "no checkpoint",
};

const columns: Column<Row>[] = [
  { title: "WHAT", cell: ({ state }) => state, paint: paintState },
  { title: "CONTAINER", cell: nameOf, flexible: true, wide: true },
  { title: "SIZE", align: "right", cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
  { title: "MADE", cell: ({ checkpointedAt, modifiedAt }) => checkpointedAt ?? modifiedAt },
  { title: "WHY", cell: ({ because }) => because, flexible: true },
  { title: "PATH", cell: ({ path }) => path, flexible: "middle" },
];

function nameOf({ namespace, pod, container }: Row): string {
  return [namespace, pod, container].filter((name) => name !== null).join("/") || "–";
}

function stateOf({ executed }: PrunePlan, { deleted }: PrunePlan["delete"][number]): string {
  if (!executed) return "✗ would go";
  return deleted ? "✓ deleted" : "! still there";
}

function paintState(text: string, { state }: Row, style: Style): string {
  if (state === "stays") return style.dim(text);
  return state === "✓ deleted" ? style.green(text) : style.red(text);
}

function sum({ executed, delete: going, keep, freesBytes }: PrunePlan, style: Style): string {
  const gone = executed ? going.filter(({ deleted }) => deleted) : going;
  const pinned = keep.filter(({ why }) => why.length > 0).length;
  const stay = pinned === 0 ? "" : `; ${formatCount(pinned)} beyond a limit stay`;
  const count = `${formatCount(gone.length)} of ${formatCount(going.length + keep.length)} archives`;
  if (executed) return `${count} deleted, ${formatBytes(freesBytes)} free again${stay}`;
  if (going.length === 0) return `Nothing to delete${stay}`;
  const next = style.dim("nothing was deleted; --yes does it");
  return `${count} would be deleted, which frees ${formatBytes(freesBytes)}${stay} (${next})`;
}

/** Lines of `-q`: what goes, or went. */
export function quietPrune({ executed, delete: going }: PrunePlan): string {
  return going
    .filter(({ deleted }) => deleted || !executed)
    .map(({ path }) => `${sanitize(path)}\n`)
    .join("");
}
