import { problemSightings } from "../../facts/problems.ts";
import type { Rule } from "../../rule.ts";

export const pageSizes: Rule = {
  id: "integrity/page-sizes",
  title: "Page image does not fit its page table",
  severity: "high",
  looksAt: "page tables and sizes of page images",
  why: "Where pages are missing the restore fails, or memory comes back wrong. Bytes that no table describes are restored by nobody: a place to hide something.",
  remedy:
    "Copy the archive again and compare sizes; treat left-over bytes as hidden data: `cryoscope memory search --all`.",
  evaluate: (subject) =>
    problemSightings(subject, "integrity/page-sizes", { "pages-left-over": "medium" }),
};
