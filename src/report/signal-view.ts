import { hex } from "../base/u64.ts";
import type { ProcessDocument } from "../checkpoint/process-document.ts";
import { indent, narrower } from "./sections.ts";
import { renderFields, renderTable, type TableOptions } from "./table.ts";

type Pending = ProcessDocument["pendingSignals"][number];

/** What a process does with signals, which it blocks, and which wait for it. */
export function renderSignals(it: ProcessDocument, options: TableOptions): string {
  const blocked = it.threads.find(({ tid }) => tid === it.pid)?.blockedSignals ?? [];
  const lines: [string, string][] = [];
  if (blocked.length > 0) lines.push(["Blocked", blocked.join(" ")]);
  for (const pending of it.pendingSignals) lines.push(["Pending", pendingText(pending)]);
  for (const { tid, pendingSignals } of it.threads) {
    for (const pending of pendingSignals) {
      lines.push(["Pending", `${pendingText(pending)}, for thread ${tid} alone`]);
    }
  }
  const table =
    it.signalHandlers.length === 0
      ? ""
      : indent(
          renderTable(
            it.signalHandlers,
            [
              { title: "SIGNAL", cell: ({ name }) => name },
              { title: "NUMBER", align: "right", cell: ({ signal }) => `${signal}` },
              {
                title: "HANDLER",
                cell: ({ handler }) => (typeof handler === "bigint" ? hex(handler) : handler),
              },
              { title: "FLAGS", cell: ({ flags }) => flags.join(" "), flexible: true },
              { title: "BLOCKS", cell: ({ mask }) => mask.join(" "), flexible: true },
            ],
            narrower(options),
          ),
        );
  return table + renderFields(lines, options);
}

/** `SIGUSR2 by SI_QUEUE from pid 1 (uid 0) with 0x7`. */
export function pendingText({ name, code, pid, uid, value }: Pending): string {
  const from = pid === undefined ? "" : ` from pid ${pid} (uid ${uid})`;
  return `${name} by ${code}${from}${value === undefined ? "" : ` with ${hex(value)}`}`;
}

/** Timers that run. */
export function renderTimers(it: ProcessDocument, options: TableOptions): string {
  return renderFields(
    [
      ...it.intervalTimers.map(({ type, remainingSeconds, intervalSeconds }): [string, string] => [
        `${type} interval`,
        whenText(remainingSeconds, intervalSeconds),
      ]),
      ...it.posixTimers.map((timer): [string, string] => [
        `POSIX ${timer.id}`,
        `${timer.clock}, ${timer.notify} ${timer.signal}: ${whenText(timer.remainingSeconds, timer.intervalSeconds)}`,
      ]),
    ],
    options,
  );
}

/** `3.5 s left, every 60 s`; times in seconds. */
export function whenText(remaining: number, interval: number): string {
  const left = remaining === 0 ? "not armed" : `${seconds(remaining)} left`;
  return interval === 0 ? left : `${left}, every ${seconds(interval)}`;
}

function seconds(value: number): string {
  if (value > 0 && value < 0.0005) return `${Number((value * 1e6).toFixed(3))} µs`;
  return `${Number(value.toFixed(3))} s`;
}
