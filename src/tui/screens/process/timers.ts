import { hex } from "../../../base/u64.ts";
import type { ProcessDocument } from "../../../checkpoint/process-document.ts";
import { whenText } from "../../../report/signal-view.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import { emptyLine, type Line, line, span } from "../../view/line.ts";
import { documentTab } from "./document-tab.ts";

function timerLines({ intervalTimers, posixTimers }: ProcessDocument, columns: number): Line[] {
  if (intervalTimers.length + posixTimers.length === 0) {
    return [emptyLine, line("   ", span("no timer runs", "dim"))];
  }
  const intervals = intervalTimers.map(
    (timer): Field => [timer.type, whenText(timer.remainingSeconds, timer.intervalSeconds)],
  );
  return [
    ...fieldSection("Interval timers", intervals, columns),
    ...posixTimers.flatMap((timer) =>
      fieldSection(`POSIX timer ${timer.id}`, posix(timer), columns),
    ),
  ];
}

function posix(timer: ProcessDocument["posixTimers"][number]): Field[] {
  return [
    ["runs", whenText(timer.remainingSeconds, timer.intervalSeconds)],
    ["clock", timer.clock],
    ["tells", `${timer.notify} ${timer.signal}`],
    ["thread", timer.thread === undefined ? null : `${timer.thread}`],
    ["value", timer.value === 0n ? null : hex(timer.value)],
    ["overrun", timer.overrun === 0 ? null : `${timer.overrun}`],
  ];
}

export const timersTab = documentTab({
  name: "timers",
  title: "Timers",
  lines: timerLines,
});
