import type { FileRow } from "../../../state/rows.ts";
import type { Act } from "../../../state/screen.ts";
import type { FileArgument } from "../../file/argument.ts";
import { listTab, plainRows } from "../../list-tab.ts";
import type { TabArgument } from "../../tab.ts";
import { fileModel } from "./model.ts";

/** Looks at the open file behind a descriptor. */
export function openFile({ kind, fileId, pid, fd, name }: FileRow, path: string): readonly Act[] {
  if (fileId === null) {
    return [{ act: "flash", level: "error", text: "the descriptor names no file of the dump" }];
  }
  const argument: FileArgument = { path, kind, id: fileId, pid, fd, name };
  return [{ act: "push", screen: { kind: "file", argument } }];
}

/** Saves what was kept of a deleted file; undefined where the row is none. */
export function saveDeleted(row: Pick<FileRow, "ghostId" | "name">, path: string): Act | undefined {
  if (row.ghostId === null) return undefined;
  // One step of a path, whatever the archive says.
  const name =
    row.name
      .split("/")
      .at(-1)
      ?.replace(/[^\w.-]+/g, "_") ?? "";
  return {
    act: "save",
    name: /^\.*$/.test(name) ? `deleted-${row.ghostId}` : name,
    content: { from: "deleted", archive: path, ghostId: row.ghostId },
  };
}

/** Descriptors of all processes, with what else they have open. */
export const filesTab = listTab<FileRow, FileRow, TabArgument>({
  name: "files",
  title: "Files",
  list: fileModel,
  question: ({ path }) => ({ of: "files", path, pid: null }),
  items: (answer) => (answer.of === "files" ? answer.value : undefined),
  rows: plainRows,
  tree: false,
  empty: "no process has a file open",
  open: (row, { path }) => openFile(row, path),
  save: (row, { path }) => saveDeleted(row, path),
});
