import { formatBytes } from "../../../base/units.ts";
import { leftBehind } from "../../../checkpoint/needs/left-behind.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

/** Memory that this archive alone does not hold. */
export const missingPages: Rule = {
  id: "restore/missing-pages",
  title: "Memory is not in the archive",
  severity: "high",
  looksAt: "page tables (pagemap images): pages in a parent dump, pages left for lazy restore",
  why: "Pages of a pre-dump lie in the dump before this one, lazy pages with the process that was dumped. Without them CRIU cannot restore: `Can't open parent`, `No parent for snapshot pagemap`.",
  remedy:
    "Keep the dumps before this one with it, as CRIU's `parent` link names them, and merge them: `criu dedup`. Lazy pages are had only while their page server runs.",
  references: ["https://criu.org/Memory_changes_tracking"],
  async *evaluate(subject: Subject): AsyncGenerator<Sighting> {
    const { checkpoint } = subject;
    const { processes, shared } = await checkpoint.memory();
    const totals = { parent: 0, lazy: 0 };
    const members = { parent: new Set<string>(), lazy: new Set<string>() };
    const pageSize = await checkpoint.pageSize();
    const stores = [...shared].map(([id, { map }]) => ({ map, image: `pagemap-shmem-${id}.img` }));
    for (const { pid, own } of processes.values()) {
      if (own !== undefined) stores.push({ map: own.map, image: `pagemap-${pid}.img` });
    }
    for (const { map, image } of stores) {
      const member = checkpoint.images?.label(image) ?? image;
      if (map.parentPages > 0) {
        totals.parent += map.parentPages;
        members.parent.add(member);
      }
      const left = map.lazyPages === 0 ? 0 : leftBehind(map);
      if (left === 0) continue;
      totals.lazy += left;
      members.lazy.add(member);
    }
    for (const kind of ["parent", "lazy"] as const) {
      if (totals[kind] === 0) continue;
      const bytes = totals[kind] * pageSize;
      const where = kind === "parent" ? "in a parent dump" : "left behind for lazy restore";
      yield {
        message: `${formatBytes(bytes)} of memory are ${where}`,
        key: kind,
        // Whoever gave the parent has it.
        ...(kind === "parent" && checkpoint.parent !== undefined ? { severity: "info" } : {}),
        places: [...members[kind]].slice(0, 100).map((member) => ({ member })),
        facts: { pages: totals[kind], bytes },
      };
    }
  },
};
