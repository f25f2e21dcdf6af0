import type { NodeDocument } from "../../../node/document.ts";
import { line, span } from "../../view/line.ts";
import { linesScreen } from "../lines-screen.ts";
import { answerSpan } from "../nodes/model.ts";
import { nodeLines } from "./lines.ts";

export interface NodeArgument {
  context: string | null;
  /** Null is this host. */
  name: string | null;
  shown: string;
}

/** What checkpoint and restore need of one node, need by need, as `cryoscope node` says it. */
export const nodeScreen = linesScreen<NodeArgument, NodeDocument>({
  crumb: ({ shown }) => shown,
  question: ({ context, name }) => ({ of: "node", context, name }),
  value: (answer) => (answer.of === "node" ? answer.value : undefined),
  title: ({ shown }, value) =>
    line(
      span(shown, "strong"),
      ...(value === undefined
        ? []
        : ["   checkpoint ", answerSpan(value.verdicts.checkpoint.answer)]),
    ),
  lines: nodeLines,
});
