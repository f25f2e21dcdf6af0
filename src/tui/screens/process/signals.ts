import { hex } from "../../../base/u64.ts";
import type { ProcessDocument } from "../../../checkpoint/process-document.ts";
import { pendingText } from "../../../report/signal-view.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import { emptyLine, type Line, line, span } from "../../view/line.ts";
import { documentTab } from "./document-tab.ts";

/** Pending signals that are shown; a hostile queue has a million. */
const most = 200;

function signalLines(it: ProcessDocument, columns: number): Line[] {
  const lines = [
    ...fieldSection("Handlers", handlers(it), columns),
    ...fieldSection("Pending", pending(it), columns),
    ...fieldSection("Blocked", blocked(it), columns),
  ];
  if (lines.length > 0) return lines;
  return [emptyLine, line("   ", span("all signals have their default, and none waits", "dim"))];
}

function handlers({ signalHandlers }: ProcessDocument): Field[] {
  return signalHandlers.map(({ name, handler, flags, mask }) => {
    const parts = [
      typeof handler === "bigint" ? hex(handler) : "ignored",
      flags.join(" "),
      mask.length === 0 ? "" : `blocks ${mask.join(" ")}`,
    ];
    return [name, parts.filter((part) => part !== "").join("   ")];
  });
}

function pending({ pid, pendingSignals, threads }: ProcessDocument): Field[] {
  const all = [
    ...pendingSignals.map((it): Field => [`pid ${pid}`, pendingText(it)]),
    ...threads.flatMap(({ tid, pendingSignals: own }) =>
      own.map((it): Field => [`thread ${tid}`, `${pendingText(it)}, for it alone`]),
    ),
  ];
  return all.length > most ? [...all.slice(0, most), ["and", `${all.length - most} more`]] : all;
}

/** Threads that block the same stand together. */
function blocked({ threads }: ProcessDocument): Field[] {
  const sets = new Map<string, number[]>();
  for (const { tid, blockedSignals } of threads) {
    if (blockedSignals === null || blockedSignals.length === 0) continue;
    const set = blockedSignals.join(" ");
    const tids = sets.get(set) ?? [];
    sets.set(set, tids);
    tids.push(tid);
  }
  return [...sets].slice(0, most).map(([set, tids]) => {
    const more = tids.length > 8 ? ` and ${tids.length - 8} more` : "";
    return [`${tids.length > 1 ? "threads" : "thread"} ${tids.slice(0, 8).join(", ")}${more}`, set];
  });
}

export const signalsTab = documentTab({ name: "signals", title: "Signals", lines: signalLines });
