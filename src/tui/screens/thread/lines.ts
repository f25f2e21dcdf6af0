import { hex } from "../../../base/u64.ts";
import type { ProcessDocument } from "../../../checkpoint/process-document.ts";
import { telling } from "../../../report/register-view.ts";
import { pendingText } from "../../../report/signal-view.ts";
import { type Field, fieldSection } from "../../view/fields.ts";
import { emptyLine, fitted, type Line, line, type Span, span } from "../../view/line.ts";

export type Thread = ProcessDocument["threads"][number];

const gap = 3;

/** Registers side by side, as many as have room; each as wide as the widest of them. */
export function registerLines(
  registers: Readonly<Record<string, bigint>>,
  columns: number,
): Line[] {
  const cells = Object.entries(registers).map(([name, value]) => [name, hex(value)] as const);
  if (cells.length === 0) return [];
  const names = Math.max(...cells.map(([name]) => name.length)) + 1;
  const values = Math.max(...cells.map(([, value]) => value.length));
  const perLine = Math.max(1, Math.floor((columns - 4 + gap) / (names + values + gap)));
  const lines: Line[] = [];
  for (let at = 0; at < cells.length; at += perLine) {
    const spans: Span[] = cells
      .slice(at, at + perLine)
      .flatMap(([name, value]) => [
        span(fitted(name, names), "dim"),
        { text: fitted(value, values) + " ".repeat(gap) },
      ]);
    lines.push({ spans: [{ text: "    " }, ...spans] });
  }
  return lines;
}

/** Everything that is known of one thread. */
export function threadLines(thread: Thread, columns: number): Line[] {
  const { registers } = thread;
  const section = (title: string, lines: readonly Line[]): Line[] =>
    lines.length === 0 ? [] : [emptyLine, line("  ", span(title, "strong")), ...lines];
  return [
    ...fieldSection("Thread", identity(thread), columns),
    ...fieldSection("Rights", rights(thread), columns),
    ...section(
      registers?.compat === true ? "Registers, of 32-bit code" : "Registers",
      registerLines(registers?.general ?? {}, columns),
    ),
    ...section(
      "Floating-point and vector registers that are not zero",
      byWidth(telling(registers?.floating ?? {})).flatMap((group) => registerLines(group, columns)),
    ),
  ];
}

/** Registers of one length stand together: a mask of 32 bits needs no room for 512. */
function byWidth(registers: Readonly<Record<string, bigint>>): Record<string, bigint>[] {
  const groups = new Map<number, Record<string, bigint>>();
  for (const [name, value] of Object.entries(registers)) {
    const { length } = hex(value);
    const width = [18, 34, 66].find((each) => length <= each) ?? 130;
    const group = groups.get(width) ?? {};
    groups.set(width, group);
    group[name] = value;
  }
  return [...groups.values()];
}

function identity(it: Thread): Field[] {
  const stack = it.signalStack;
  return [
    ["tid", `${it.tid}`],
    ["name", it.comm],
    ["policy", it.policy],
    ["nice", it.nice === null ? null : `${it.nice}`],
    ["priority", it.priority === null ? null : `${it.priority}`],
    ["blocked", it.blockedSignals?.join(" ") || null],
    ...it.pendingSignals.slice(0, 50).map((signal): Field => ["pending", pendingText(signal)]),
    ["when its parent dies", it.parentDeathSignal],
    ["signal stack", stack === null ? null : `${hex(stack.address)}, ${stack.sizeBytes} bytes`],
    ["robust futexes", it.robustList === null ? null : hex(it.robustList)],
    ["cleared at its end", it.clearTid === null ? null : hex(it.clearTid)],
  ];
}

function rights({ credentials: it, seccomp, cgroups }: Thread): Field[] {
  const groups = cgroups?.groups ?? [];
  return [
    ["uid", it === null ? null : `${it.uid.effective}`],
    ["gid", it === null ? null : `${it.gid.effective}`],
    ["capabilities", it === null ? null : it.capabilities.effective.join(" ") || "none"],
    ["seccomp", seccomp?.mode ?? null],
    ["control groups", [...new Set(groups.map(({ path }) => path))].join(", ") || null],
  ];
}
