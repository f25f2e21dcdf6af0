import { hex } from "../../../base/u64.ts";
import { formatCount } from "../../../base/units.ts";
import { type CriuProcess, defaultPageSize } from "../../../criu/processes.ts";
import type { FindingPlace, Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const unmappedPages: Rule = {
  id: "integrity/unmapped-pages",
  title: "Pages were dumped where nothing is mapped",
  severity: "medium",
  looksAt: "page tables and VMAs of each process",
  why: "CRIU dumps only what is mapped. Pages beside all mappings are restored nowhere, so they are damage or hidden data.",
  remedy:
    "Read them: `cryoscope memory read --pid PID ARCHIVE ADDRESS`. Make the checkpoint again, and compare.",
  evaluate,
};

async function* evaluate({ checkpoint }: Subject): AsyncGenerator<Sighting> {
  for (const process of await checkpoint.processes()) {
    const found = gaps(process);
    const [first] = found;
    if (first === undefined) continue;
    const { pid, comm } = process;
    const more = found.length > 1 ? ` and at ${formatCount(found.length - 1)} other places` : "";
    yield {
      message: `process ${pid} has dumped pages at ${hex(first)}${more}, where it has no mapping`,
      key: comm ?? "",
      places: found.map((address): FindingPlace => ({ pid, address })),
    };
  }
}

const mostPlaces = 100;

/** First dumped address in each gap between mappings; linear in mappings, whatever the runs are. */
function gaps({ layout, pageMap }: CriuProcess): bigint[] {
  if (layout === undefined || pageMap === undefined) return [];
  const pageSize = layout.pageSize ?? defaultPageSize;
  const mapped = layout.entry.vmas
    .map(({ start, end }) => ({ start, end }))
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const found: bigint[] = [];
  let covered = 0n;
  for (const { start, end } of [...mapped, { start: 1n << 64n, end: 1n << 64n }]) {
    const run = start > covered ? pageMap.indexEndingAfter(covered, pageSize) : pageMap.length;
    if (run < pageMap.length) {
      const first = pageMap.run(run).start;
      const address = first > covered ? first : covered;
      if (address < start) found.push(address);
    }
    if (found.length === mostPlaces) break;
    if (end > covered) covered = end;
  }
  return found;
}
