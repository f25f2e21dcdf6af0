import type { FindingRow } from "../../../state/audit-rows.ts";
import type { FindingArgument } from "../../finding/finding.ts";
import { huntTab } from "../hunt-tab.ts";
import { findingModel } from "./model.ts";

/** What an audit finds by the policy of those who have none. */
export const auditTab = huntTab<FindingRow>({
  name: "audit",
  title: "Audit",
  list: findingModel,
  question: ({ path, memory, reveal, now }) => ({ of: "audit", path, memory, reveal, now }),
  part: (answer) => (answer.of === "audit" ? answer.value : undefined),
  empty: "nothing found",
  passed: ({ allowed }) => allowed,
  open: ({ fingerprint, title }, { path, memory, now }) => {
    const argument: FindingArgument = { path, fingerprint, title, memory, now };
    return { act: "push", screen: { kind: "finding", argument } };
  },
});
