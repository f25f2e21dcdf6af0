import type { Inspection } from "../../../../checkpoint/inspection.ts";
import { emptyLine } from "../../../view/line.ts";
import { type LinesState, linesScreen } from "../../lines-screen.ts";
import type { Tab, TabArgument } from "../../tab.ts";
import { summaryLines } from "./lines.ts";

/** What a responder asks first of an archive. The checkpoint's header is made of its answer too. */
export const summaryTab: Tab<LinesState<TabArgument, Inspection>> = {
  name: "summary",
  title: "Summary",
  ...linesScreen<TabArgument, Inspection>({
    crumb: () => "summary",
    question: ({ path }, reveal) => ({ of: "inspection", path, reveal }),
    value: (answer) => (answer.of === "inspection" ? answer.value : undefined),
    title: () => emptyLine,
    lines: summaryLines,
  }),
};
