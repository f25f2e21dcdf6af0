import { formatCount } from "../../../../base/units.ts";
import type { SecretRow } from "../../../state/audit-rows.ts";
import type { ListModel } from "../../../state/list.ts";
import { span } from "../../../view/line.ts";
import { severityRank, severitySpan } from "../../../view/severity.ts";

export const secretModel: ListModel<SecretRow> = {
  id: ({ fingerprint }) => fingerprint,
  text: ({ severity, title, shown, where }) => `${severity} ${title} ${shown} ${where}`,
  columns: [
    {
      title: "SEVERITY",
      cell: ({ severity }) => [severitySpan(severity)],
      sort: { key: "S", by: ({ severity }) => severityRank(severity) },
    },
    {
      title: "KIND",
      cell: ({ title }) => title,
      flexible: true,
      least: 18,
      sort: { key: "K", by: ({ title }) => title },
    },
    { title: "SECRET", cell: ({ shown }) => shown, flexible: true, least: 12 },
    {
      title: "WHERE",
      cell: ({ where }) => [span(where, "dim")],
      flexible: true,
      least: 12,
      drop: 1,
      sort: { key: "W", by: ({ where }) => where },
    },
    {
      title: "PLACES",
      align: "right",
      cell: ({ places }) => formatCount(places),
      drop: 2,
      sort: { key: "P", by: ({ places }) => -places },
    },
  ],
};
