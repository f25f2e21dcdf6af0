import type { MappingRow } from "../../../memory/mapping-list.ts";
import { mappingModel } from "../checkpoint/memory/model.ts";
import type { HexArgument } from "../hex/argument.ts";
import { listTab, plainRows } from "../list-tab.ts";
import type { PartArgument } from "./argument.ts";

export const mappingsTab = listTab<MappingRow, MappingRow, PartArgument>({
  name: "mappings",
  title: "Mappings",
  list: mappingModel,
  question: ({ path, pid }) => ({ of: "mappings", path, pid }),
  // What is wrong with the memory is told in the tab of all memory.
  items: (answer) =>
    answer.of === "mappings"
      ? { at: answer.value.at, rows: answer.value.rows, problems: [] }
      : undefined,
  rows: plainRows,
  tree: false,
  empty: "it has no memory in the dump",
  open: ({ start }, { path, pid }) => {
    const argument: HexArgument = { path, pid, at: BigInt(start) };
    return [{ act: "push", screen: { kind: "hex", argument } }];
  },
});
