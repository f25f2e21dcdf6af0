import { formatCount } from "../../../../base/units.ts";
import type { FindingRow } from "../../../state/audit-rows.ts";
import type { ListModel } from "../../../state/list.ts";
import { span } from "../../../view/line.ts";
import { severityRank, severitySpan } from "../../../view/severity.ts";

export const findingModel: ListModel<FindingRow> = {
  id: ({ fingerprint }) => fingerprint,
  text: ({ severity, ruleId, title, message, allowed }) =>
    `${severity} ${ruleId} ${title} ${message}${allowed ? " allowed" : ""}`,
  columns: [
    {
      title: "SEVERITY",
      cell: ({ severity, allowed }) =>
        allowed ? [span("– allowed", "dim")] : [severitySpan(severity)],
      sort: { key: "S", by: ({ severity }) => severityRank(severity) },
    },
    {
      title: "FINDING",
      cell: ({ message }) => message,
      flexible: true,
      least: 24,
      sort: { key: "F", by: ({ message }) => message },
    },
    {
      title: "RULE",
      cell: ({ ruleId }) => [span(ruleId, "dim")],
      drop: 2,
      sort: { key: "R", by: ({ ruleId }) => ruleId },
    },
    {
      title: "PLACES",
      align: "right",
      cell: ({ places }) => (places === 0 ? "–" : formatCount(places)),
      drop: 1,
      sort: { key: "P", by: ({ places }) => -places },
    },
    { title: "TITLE", cell: ({ title }) => title, wide: true },
  ],
};
