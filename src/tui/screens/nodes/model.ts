import { formatAge } from "../../../base/units.ts";
import type { Answer } from "../../../node/verdicts/row.ts";
import type { NodeRow } from "../../state/cluster.ts";
import type { ListModel } from "../../state/list.ts";
import { type Role, type Span, span } from "../../view/line.ts";

const signs: Readonly<Record<Answer, readonly [string, Role]>> = {
  yes: ["✓ yes", "good"],
  no: ["✗ no", "danger"],
  unknown: ["? cannot tell", "warning"],
};

/** An answer as a sign and a word. */
export function answerSpan(answer: Answer): Span {
  const [text, role] = signs[answer];
  return span(text, role);
}

/** Conditions are True, False or Unknown; a host says nothing of that. */
function ready({ ready: status }: NodeRow): Span[] {
  if (status === null) return [span("–", "dim")];
  return [status === "True" ? span("✓ ready", "good") : span(`✗ ${status}`, "danger")];
}

function gate({ gate: answer }: NodeRow): Span[] {
  const words = { yes: "✓ on", no: "✗ off", unknown: "?" };
  return [span(words[answer], signs[answer][1])];
}

export const nodeModel: ListModel<NodeRow> = {
  id: ({ name, here }) => (here ? "this host" : `node ${name}`),
  columns: [
    {
      title: "NAME",
      cell: ({ name, here }) => (here ? [{ text: name }, span(" (this host)", "dim")] : name),
      flexible: true,
      least: 14,
      sort: { key: "M", by: ({ name }) => name },
    },
    { title: "READY", cell: ready, sort: { key: "R", by: (row) => row.ready ?? "" } },
    {
      title: "KUBELET",
      cell: ({ kubelet }) => kubelet ?? "–",
      drop: 3,
      sort: { key: "K", by: (row) => row.kubelet ?? "" },
    },
    {
      title: "RUNTIME",
      cell: ({ runtime }) => runtime ?? "–",
      drop: 2,
      sort: { key: "T", by: (row) => row.runtime ?? "" },
    },
    { title: "GATE", cell: gate, sort: { key: "E", by: (row) => row.gate } },
    {
      title: "CHECKPOINT",
      cell: ({ checkpoint }) => [answerSpan(checkpoint)],
      sort: { key: "C", by: (row) => row.checkpoint },
    },
    {
      title: "LEASE",
      align: "right",
      cell: ({ leaseAge }) => (leaseAge === null ? "–" : formatAge(leaseAge)),
      drop: 4,
      sort: { key: "L", by: (row) => row.leaseAge ?? -1 },
    },
    {
      title: "BECAUSE",
      cell: ({ because }) => because.join(", "),
      flexible: true,
      drop: 1,
    },
    { title: "RESTORE", cell: ({ restore }) => [answerSpan(restore)], wide: true },
    { title: "KERNEL", cell: ({ kernel }) => kernel ?? "–", wide: true },
    { title: "ADDRESS", cell: ({ address }) => address ?? "–", wide: true },
  ],
};
