import type { FileRow } from "../../state/rows.ts";
import { openFile, saveDeleted } from "../checkpoint/files/files.ts";
import { descriptorModel } from "../checkpoint/files/model.ts";
import { listTab, plainRows } from "../list-tab.ts";
import type { PartArgument } from "./argument.ts";

export const descriptorsTab = listTab<FileRow, FileRow, PartArgument>({
  name: "descriptors",
  title: "Files",
  list: descriptorModel,
  question: ({ path, pid }) => ({ of: "files", path, pid }),
  items: (answer) => (answer.of === "files" ? answer.value : undefined),
  rows: plainRows,
  tree: false,
  empty: "it has no file open",
  open: (row, { path }) => openFile(row, path),
  save: (row, { path }) => saveDeleted(row, path),
});
