import { sanitize } from "../base/text.ts";
import { parseTime } from "../base/time.ts";
import { formatAge } from "../base/units.ts";
import type { NodeDocument, NodeList } from "../node/document.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

/** Renders nodes, one a line, with what keeps each from a checkpoint. */
export function renderNodes({ items }: NodeList, now: number, options: TableOptions): string {
  const columns: Column<NodeDocument>[] = [
    { title: "NAME", cell: ({ name }) => name ?? "–" },
    { title: "READY", cell: ready },
    { title: "LEASE", cell: (node) => leaseAge(node, now) },
    {
      title: "CHECKPOINT",
      cell: ({ verdicts }) => verdicts.checkpoint.answer,
      paint: (text, { verdicts }, { green, red, yellow }) => {
        const { answer } = verdicts.checkpoint;
        return answer === "yes" ? green(text) : answer === "no" ? red(text) : yellow(text);
      },
    },
    { title: "RESTORE", cell: ({ verdicts }) => verdicts.restore.answer },
    { title: "KUBELET", cell: ({ kubelet }) => kubelet?.version.value ?? "–" },
    { title: "RUNTIME", cell: ({ api }) => api?.runtime ?? "–" },
    { title: "KERNEL", wide: true, cell: ({ machine }) => machine.kernel.value ?? "–" },
    { title: "ADDRESS", wide: true, cell: ({ api }) => api?.addresses[0]?.address ?? "–" },
    { title: "TAINTS", wide: true, cell: ({ api }) => taints(api) },
    {
      title: "BECAUSE",
      cell: ({ verdicts }) => verdicts.checkpoint.because.join(", "),
      flexible: true,
    },
  ];
  return renderTable(items, columns, options);
}

/** Lines of `-q`: names of nodes that cannot checkpoint. */
export function quietNodes({ items }: NodeList): string {
  return items
    .filter(({ verdicts }) => verdicts.checkpoint.answer === "no")
    .map(({ name }) => `${sanitize(name ?? "–")}\n`)
    .join("");
}

function ready({ api }: NodeDocument): string {
  return api?.conditions.find(({ type }) => type === "Ready")?.status ?? "–";
}

function leaseAge({ api }: NodeDocument, now: number): string {
  const renewed = parseTime(api?.lease?.renewedAt ?? "");
  return renewed === undefined ? "–" : formatAge(now - renewed);
}

function taints(api: NodeDocument["api"]): string {
  return (api?.taints ?? []).map(({ key, effect }) => `${key}:${effect}`).join(", ") || "–";
}
