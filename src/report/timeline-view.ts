import type { Phase, RunExplanation } from "../diagnose/log/explanation.ts";
import { indent, narrower } from "./sections.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

/** Phases of a run with what each took, and for processes what the time went into. */
export function renderTimeline(
  { timeline, morePhases }: RunExplanation,
  options: TableOptions,
): string {
  if (timeline.length === 0) return "  the log has no time stamps: CRIU writes them from -v3 on\n";
  const more = morePhases === 0 ? "" : `… and ${morePhases} more\n`;
  return indent(renderTable(timeline, columns, narrower(options)) + more);
}

/** `0.024 s`; what is below a millisecond in microseconds. */
export function seconds(value: number): string {
  return value < 0.001 ? `${Math.round(value * 1e6)} µs` : `${value.toFixed(3)} s`;
}

const columns: Column<Phase>[] = [
  { title: "START", align: "right", cell: ({ start }) => `${start.toFixed(6)} s` },
  { title: "TOOK", align: "right", cell: ({ duration }) => seconds(duration) },
  { title: "PHASE", cell: phaseName, flexible: true },
  { title: "OF WHICH", cell: partsOf, flexible: true },
];

function phaseName({ title, pid, comm }: Phase): string {
  return [title, ...(pid === null ? [] : [`${pid}`]), ...(comm === null ? [] : [comm])].join(" ");
}

/** The parts that took longest first; those that took nothing to speak of are left out. */
function partsOf({ parts, duration }: Phase): string {
  return parts
    .filter((part) => part.duration > duration / 100)
    .sort((a, b) => b.duration - a.duration)
    .map((part) => `${part.id} ${seconds(part.duration)}`)
    .join(", ");
}
