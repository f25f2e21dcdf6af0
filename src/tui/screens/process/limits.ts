import type { ProcessDocument } from "../../../checkpoint/process-document.ts";
import { limitText } from "../../../report/process-view.ts";
import { emptyLine, fitted, type Line, line, span } from "../../view/line.ts";
import { documentTab } from "./document-tab.ts";

const units: Readonly<Record<string, string>> = {
  CPU: "seconds",
  FSIZE: "bytes",
  DATA: "bytes",
  STACK: "bytes",
  CORE: "bytes",
  RSS: "bytes",
  NPROC: "processes",
  NOFILE: "descriptors",
  MEMLOCK: "bytes",
  AS: "bytes",
  LOCKS: "locks",
  SIGPENDING: "signals",
  MSGQUEUE: "bytes",
  RTTIME: "microseconds",
};

function row(name: string, soft: string, hard: string, unit: string): string {
  return `  ${fitted(name, 12)}${fitted(soft, 22, "right")}${fitted(hard, 22, "right")}  ${unit}`;
}

function limitLines({ limits }: ProcessDocument): Line[] {
  if (limits.length === 0) {
    return [emptyLine, line("   ", span("the dump holds no limits of this process", "dim"))];
  }
  return [
    line(span(row("LIMIT", "SOFT", "HARD", ""), "dim")),
    ...limits.map(({ name, soft, hard }) => {
      const bare = name.replace(/^RLIMIT_/, "");
      return line(row(bare, limitText(soft), limitText(hard), units[bare] ?? ""));
    }),
  ];
}

export const limitsTab = documentTab({ name: "limits", title: "Limits", lines: limitLines });
