import { hex } from "../../../base/u64.ts";
import type { ProcessDocument } from "../../../checkpoint/process-document.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import { emptyLine, type Line, line, span } from "../../view/line.ts";
import { documentTab } from "./document-tab.ts";

function timerLines({ intervalTimers, posixTimers }: ProcessDocument, columns: number): Line[] {
  if (intervalTimers.length + posixTimers.length === 0) {
    return [emptyLine, line("   ", span("no timer runs", "dim"))];
  }
  const intervals = intervalTimers.map((timer): Field => [timer.type, when(timer)]);
  return [
    ...fieldSection("Interval timers", intervals, columns),
    ...posixTimers.flatMap((timer) =>
      fieldSection(`POSIX timer ${timer.id}`, posix(timer), columns),
    ),
  ];
}

function posix(timer: ProcessDocument["posixTimers"][number]): Field[] {
  return [
    ["runs", when(timer)],
    ["clock", timer.clock],
    ["tells", `${timer.notify} ${timer.signal}`],
    ["thread", timer.thread === undefined ? null : `${timer.thread}`],
    ["value", timer.value === 0n ? null : hex(timer.value)],
    ["overrun", timer.overrun === 0 ? null : `${timer.overrun}`],
  ];
}

function when(timer: { remainingSeconds: number; intervalSeconds: number }): string {
  const seconds = (value: number): string => `${Number(value.toFixed(3))} s`;
  const { remainingSeconds: left, intervalSeconds: every } = timer;
  const first = left === 0 ? "not armed" : `${seconds(left)} left`;
  return every === 0 ? first : `${first}, every ${seconds(every)}`;
}

export const timersTab = documentTab({
  name: "timers",
  title: "Timers",
  lines: timerLines,
});
