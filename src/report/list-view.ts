import { sanitize } from "../base/text.ts";
import { parseTime } from "../base/time.ts";
import { formatAge, formatBytes } from "../base/units.ts";
import type { Summary } from "../checkpoint/summary.ts";
import { plainStyle } from "./style.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

/**
 * Renders summaries as a table; below it, why each archive that was not opened was not. Nothing,
 * not even titles, where there is no archive.
 */
export function renderList(items: readonly Summary[], now: number, options: TableOptions): string {
  if (items.length === 0) return "";
  const style = options.style ?? plainStyle;
  const columns: Column<Summary>[] = [
    { title: "NAMESPACE", cell: (it) => it.namespace ?? "–", flexible: true },
    { title: "POD", cell: (it) => it.pod ?? "–", flexible: true },
    { title: "CONTAINER", cell: (it) => it.container ?? "–", flexible: true },
    { title: "RUNTIME", cell: (it) => it.engine ?? "–" },
    { title: "SIZE", align: "right", cell: (it) => bytes(it.sizeBytes) },
    { title: "MEMORY", align: "right", cell: (it) => bytes(it.pageBytes) },
    { title: "AGE", align: "right", cell: (it) => age(it, now) },
    {
      title: "LOCKED",
      cell: locked,
      paint: (text, it, { green, red }) =>
        it.lockedDown === true ? green(text) : it.lockedDown === false ? red(text) : text,
    },
    { title: "COMPRESSION", cell: (it) => it.compression ?? "–", wide: true },
    { title: "IMAGE", cell: (it) => it.image ?? "–", wide: true },
    { title: "CHECKPOINTED", cell: (it) => it.checkpointedAt ?? "–", wide: true },
    { title: "PATH", cell: (it) => it.path, flexible: "middle" },
  ];
  let reasons = "";
  for (const { path, fault } of items) {
    if (fault === null) continue;
    reasons += `${style.red(`✗ ${sanitize(path)}`)}\n    ${sanitize(fault.message)}\n`;
    if (fault.next !== null) reasons += `    ${style.dim("next")} ${sanitize(fault.next)}\n`;
  }
  const table = renderTable(items, columns, options);
  return reasons === "" ? table : `${table}\n${reasons}`;
}

function bytes(value: number | null): string {
  return value === null ? "–" : formatBytes(value);
}

function age({ checkpointedAt, modifiedAt }: Summary, now: number): string {
  const time = parseTime(checkpointedAt ?? modifiedAt ?? "");
  return time === undefined ? "–" : formatAge(now - time);
}

/** Where nobody looked at permissions. */
const unlocked = {
  refused: "? no access",
  broken: "? broken",
  remote: "? not reached",
  elsewhere: "? not here",
} as const;

function locked({ lockedDown, mode, uid, fault }: Summary): string {
  if (lockedDown === null) return unlocked[fault?.kind ?? "elsewhere"];
  const who = uid === 0 ? "root" : `uid ${uid}`;
  if (lockedDown) return fault === null ? `✓ ${who}` : `✓ ${who}, broken`;
  return fault?.code === "symlink" ? "✗ link" : `✗ ${mode ?? "?"} ${who}`;
}
