import { formatDuration } from "../../../base/duration.ts";
import { nameOf } from "../../../kubelet/asked.ts";
import { type Field, fieldLines } from "../../view/fields.ts";
import { emptyLine, type Line, line, span } from "../../view/line.ts";
import { wholeFailure, wrapped } from "../wrapped.ts";
import { meaningOf } from "./meaning.ts";
import type { Call } from "./state.ts";

/** What came of a call. */
export function resultLines(call: Exclude<Call, { stage: "running" }>, columns: number): Line[] {
  switch (call.stage) {
    case "made":
      return madeLines(call.made, columns);
    case "failed":
      return wholeFailure(call.failure, columns);
    case "left":
      return leftLines(call.begun, columns);
  }
}

function madeLines(made: Extract<Call, { stage: "made" }>["made"], columns: number): Line[] {
  const { target, paths, node, here, startedAt, endedAt, route } = made;
  const fields: Field[] = [
    ...paths.map((path, at): Field => [at === 0 ? "archive" : "", path]),
    ["node", node],
    ["took", formatDuration(Math.max(0, endedAt - startedAt))],
    ["way", route === "proxy" ? "through the API server" : "to the kubelet itself"],
  ];
  const hint =
    here === null
      ? `It lies on ${node ?? "the node"} and cannot be read here. c copies its path.`
      : "Enter opens it, c copies its path.";
  return [
    emptyLine,
    line("  ", span(`✓ ${nameOf(target)} is checkpointed`, "good")),
    emptyLine,
    ...fieldLines(fields, columns),
    emptyLine,
    line("  ", span(hint, "dim")),
  ];
}

function leftLines(begun: Extract<Call, { stage: "left" }>["begun"], columns: number): Line[] {
  const { meaning, look } = meaningOf(begun);
  return [
    emptyLine,
    ...wrapped("! you stopped waiting for the checkpoint", columns, "warning"),
    emptyLine,
    ...wrapped(meaning, columns),
    ...(look === null
      ? []
      : [emptyLine, ...wrapped(`→ see whether there is an archive: ${look}`, columns)]),
  ];
}
