import { line, span } from "../../view/line.ts";
import { linesScreen } from "../lines-screen.ts";
import { type Thread, threadLines } from "./lines.ts";

export interface ThreadArgument {
  path: string;
  pid: number;
  tid: number;
}

/** One thread in full, with all its registers. */
export const threadScreen = linesScreen<ThreadArgument, Thread>({
  crumb: ({ tid }) => `thread ${tid}`,
  question: ({ path, pid }, reveal) => ({ of: "process", path, pid, reveal }),
  value: (answer, { tid }) =>
    answer.of === "process" ? answer.value.threads.find((it) => it.tid === tid) : undefined,
  title: ({ pid, tid }, thread) =>
    line(
      span(`thread ${tid}`, "strong"),
      ` ${thread?.comm ?? ""}`,
      span(`   of pid ${pid}`, "dim"),
    ),
  lines: threadLines,
});
