import type { ProcessRow } from "../../../../checkpoint/process-list.ts";
import { listTab } from "../../list-tab.ts";
import type { TabArgument } from "../../tab.ts";
import { type ProcessBranch, processModel, processRows } from "./model.ts";

/** Processes as a tree; a filter or an order makes a plain list of them. */
export const processesTab = listTab<ProcessRow, ProcessBranch, TabArgument>({
  name: "processes",
  title: "Processes",
  list: processModel,
  question: ({ path }, reveal) => ({ of: "processes", path, reveal }),
  items: (answer) => (answer.of === "processes" ? answer.value : undefined),
  rows: processRows,
  tree: true,
  empty: "the dump holds no process",
  open: ({ item: { pid } }, { path }) => [
    { act: "push", screen: { kind: "process", argument: { path, pid } } },
  ],
  expected: ({ processes }) => processes.length,
});
