import { parseSeconds } from "../../../base/duration.ts";
import type { PreviewRow } from "../../../kubelet/preview/row.ts";
import { emptyLine, type Line, line, type Role, span } from "../../view/line.ts";
import { wholeFailure, wrapped } from "../wrapped.ts";
import { type NewCheckpointState, wantedOf } from "./state.ts";

const answers: Readonly<Record<PreviewRow["verdict"], readonly [string, Role]>> = {
  yes: ["✓ it can be checkpointed, as far as can be told", "good"],
  no: ["✗ it cannot be checkpointed", "danger"],
  unknown: ["? whether it can be checkpointed cannot be told whole", "warning"],
};

/** What speaks for and against the checkpoint, the worst first. */
export function checksLines(state: NewCheckpointState, columns: number): Line[] {
  const { contexts, checks } = state;
  if (contexts.failure !== undefined) return wholeFailure(contexts.failure, columns);
  const { pod, timeout } = wantedOf(state);
  const parsed = timeout === "" ? undefined : parseSeconds(timeout);
  if (parsed !== undefined && "fault" in parsed) {
    return [emptyLine, ...wrapped(`✗ the timeout is no time: ${parsed.fault}`, columns, "danger")];
  }
  if (pod === "") return [emptyLine, line("  ", span("Name a pod, and it is checked.", "dim"))];
  if (checks.failure !== undefined) return wholeFailure(checks.failure, columns);
  if (checks.value === undefined) return [emptyLine, line("  ", span("checking…", "dim"))];
  const { item } = checks.value;
  const [text, role] = answers[item.can];
  const where = [
    item.node === null ? "" : `node ${item.node}`,
    item.kubeletVersion === null ? "" : `kubelet ${item.kubeletVersion}`,
    item.state ?? "",
  ].filter((part) => part !== "");
  return [
    emptyLine,
    ...wrapped(text, columns, role),
    line("    ", span(where.join("   "), "dim")),
    ...item.urls.flatMap(({ route, url }, at) =>
      wrapped(`${at === 0 ? "asks" : "then"} ${url} (${route})`, columns, "dim", 4),
    ),
    emptyLine,
    ...[...item.rows].sort((a, b) => rank(a) - rank(b)).flatMap((row) => rowLines(row, columns)),
  ];
}

/** A no that counts first, what is fine last. */
function rank({ verdict, required }: PreviewRow): number {
  if (verdict === "yes") return 4;
  return (verdict === "no" ? 0 : 2) + (required ? 0 : 1);
}

function rowLines(row: PreviewRow, columns: number): Line[] {
  const { what, found, needed, reason, remedy, verdict } = row;
  const [sign, role] = signOf(row);
  const said = reason === null ? found : `cannot tell: ${reason}`;
  const lines = wrapped(`${sign} ${what}: ${said}`, columns, role);
  if (verdict === "yes") return lines;
  return [
    ...lines,
    ...wrapped(`needed: ${needed}`, columns, "dim", 4),
    ...(remedy === null ? [] : wrapped(`→ ${remedy}`, columns, "plain", 4)),
  ];
}

function signOf({ verdict, required }: PreviewRow): readonly [string, Role] {
  if (verdict === "yes") return ["✓", "plain"];
  if (verdict === "unknown") return ["?", "warning"];
  return required ? ["✗", "danger"] : ["!", "warning"];
}
