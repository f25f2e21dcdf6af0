import { formatBytes } from "../../../base/units.ts";
import type { NodeDocument } from "../../../node/document.ts";
import type { Verdict } from "../../../node/verdicts/row.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import { emptyLine, type Line, line, type Role, span } from "../../view/line.ts";
import { answerSpan } from "../nodes/model.ts";
import { wrapped } from "../wrapped.ts";

const questions = [
  ["checkpoint", "Checkpoint through the kubelet"],
  ["restore", "Restore as a pod"],
  ["podman", "Checkpoint and restore with Podman"],
] as const;

/** The answers, every need with what was found, and what is known of the node. */
export function nodeLines(node: NodeDocument, columns: number): Line[] {
  const { verdicts, problems } = node;
  return [
    emptyLine,
    ...questions.flatMap(([key, question]) => {
      const { answer, because } = verdicts[key];
      const head = line("  ", answerSpan(answer), span(`   ${question}`, "strong"));
      return because.length === 0
        ? [head]
        : [head, ...wrapped(because.join(", "), columns, "dim", 6)];
    }),
    emptyLine,
    line("  ", span("Needs", "strong")),
    ...verdicts.rows.flatMap((row) => needLines(row, columns)),
    ...fieldSection("Node", nodeFields(node), columns),
    ...(problems.length === 0 ? [] : [emptyLine, line("  ", span("Problems", "strong"))]),
    ...problems.flatMap(({ message }) => wrapped(`! ${message}`, columns, "warning")),
  ];
}

function needLines(row: Verdict, columns: number): Line[] {
  const { id, what, found, needed, reason, remedy, verdict } = row;
  const [sign, role] = signOf(row);
  const said = reason === null ? found : `cannot tell: ${reason}`;
  const head = wrapped(`${sign} ${id}: ${what}`, columns, role);
  const lines = [...head, ...wrapped(`found ${said}`, columns, "dim", 6)];
  if (verdict === "yes") return lines;
  return [
    ...lines,
    ...wrapped(`needed ${needed}`, columns, "dim", 6),
    ...(remedy === null ? [] : wrapped(`→ ${remedy}`, columns, "plain", 6)),
  ];
}

function signOf({ verdict, required }: Verdict): readonly [string, Role] {
  if (verdict === "yes") return ["✓", "plain"];
  if (verdict === "unknown") return ["?", "warning"];
  return required ? ["✗", "danger"] : ["!", "warning"];
}

function nodeFields({ machine, kubelet, api, engines }: NodeDocument): Field[] {
  const checkpoints = kubelet?.checkpoints;
  return [
    ["system", machine.os.value],
    ["kernel", machine.kernel.value],
    ["kubelet", kubelet?.version.value ?? null],
    ["runtime", api?.runtime ?? null],
    ...engines.map((it): Field => [it.engine, it.version.value ?? "version unknown"]),
    [
      "addresses",
      api?.addresses.map(({ type, address }) => `${address} (${type})`).join(", ") || null,
    ],
    ["taints", api?.taints.map(({ key, effect }) => `${key}:${effect}`).join(", ") || null],
    ["scheduling", api?.unschedulable === true ? "off (cordoned)" : null],
    ["lease", api?.lease == null ? null : `renewed ${api.lease.renewedAt}`],
    ...(api?.conditions ?? []).map(
      ({ type, status, reason, message }): Field => [
        type,
        [status, reason, message].filter((part) => part !== null && part !== "").join("   "),
      ],
    ),
    [
      "checkpoints",
      checkpoints?.count == null
        ? null
        : `${checkpoints.count} archives of ${formatBytes(checkpoints.archiveBytes ?? 0)} in ${checkpoints.path}`,
    ],
  ];
}
