import { problemSightings } from "../../facts/problems.ts";
import type { Sighting } from "../../finding.ts";
import type { Rule } from "../../rule.ts";
import type { Subject } from "../../subject.ts";

export const pageOwners: Rule = {
  id: "integrity/page-owners",
  title: "Page image belongs to no process, or to several",
  severity: "high",
  looksAt: "page tables, and the page images that they name",
  why: "Each page image has one table. Pages of two processes that are the same bytes were not dumped so; pages that no table names are restored by nobody, and looked at by hardly anybody.",
  remedy:
    "Look for what the pages hold (`cryoscope memory search --all ARCHIVE TEXT`), and make the checkpoint again.",
  evaluate,
};

async function* evaluate(subject: Subject): AsyncGenerator<Sighting> {
  yield* problemSightings(subject, pageOwners.id);
  const { checkpoint } = subject;
  for (const { name, kind, bytes } of await checkpoint.pageImages()) {
    if (kind !== "unclaimed") continue;
    yield {
      message: `no page table names ${name} (${bytes} bytes)`,
      key: `unclaimed ${name}`,
      places: [{ member: checkpoint.images?.label(name) ?? name }],
      severity: "medium",
      facts: { bytes },
    };
  }
}
