import type { FileFacts } from "../../state/rows.ts";
import { line, span } from "../../view/line.ts";
import { saveDeleted } from "../checkpoint/files/files.ts";
import { linesScreen } from "../lines-screen.ts";
import type { FileArgument } from "./argument.ts";
import { fileLines } from "./lines.ts";

/** One open file in full. Ctrl-S saves what was kept of a deleted one. */
export const fileScreen = linesScreen<FileArgument, FileFacts>({
  crumb: ({ pid, fd }) => (pid === null ? "file" : `pid ${pid} fd ${fd}`),
  question: ({ path, kind, id }, reveal) => ({ of: "file", path, kind, id, reveal }),
  value: (answer) => (answer.of === "file" ? answer.value : undefined),
  title: ({ name, pid, fd }) =>
    line(span(name, "strong"), span(pid === null ? "" : `   pid ${pid}  fd ${fd}`, "dim")),
  lines: fileLines,
  save: ({ path }, { file }) => {
    const { deleted, name, type } = file;
    if (deleted?.how !== "ghost" || deleted.member === null) return undefined;
    if (type !== null && type !== "file") return undefined;
    return saveDeleted({ ghostId: deleted.ghostId, name }, path);
  },
});
