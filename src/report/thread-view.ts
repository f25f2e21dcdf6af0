import { hex } from "../base/u64.ts";
import type { ProcessDocument } from "../checkpoint/process-document.ts";
import { indent, narrower } from "./sections.ts";
import { type Column, renderTable, type TableOptions } from "./table.ts";

type Thread = ProcessDocument["threads"][number];

export function renderThreads({ threads }: ProcessDocument, options: TableOptions): string {
  if (threads.length === 0) return "";
  return indent(renderTable(threads, columns, narrower(options)));
}

/** Threads of one process may have more filters than others. */
function seccompText({ seccomp }: Thread): string {
  const count = seccomp?.filters?.length ?? 0;
  return count === 0 ? (seccomp?.mode ?? "–") : `${seccomp?.mode} ×${count}`;
}

const columns: Column<Thread>[] = [
  { title: "TID", align: "right", cell: ({ tid }) => `${tid}` },
  { title: "NAME", cell: ({ comm }) => comm ?? "–" },
  { title: "POLICY", cell: ({ policy }) => policy ?? "–" },
  { title: "NICE", align: "right", cell: ({ nice }) => `${nice ?? "–"}` },
  {
    title: "PRIORITY",
    align: "right",
    cell: ({ priority }) => `${priority ?? "–"}`,
    wide: true,
  },
  {
    title: "UID",
    align: "right",
    cell: ({ credentials }) => `${credentials?.uid.effective ?? "–"}`,
  },
  { title: "SECCOMP", cell: seccompText, wide: true },
  { title: "IP", cell: ({ registers }) => address(registers, ["rip", "pc", "nip", "psw_addr"]) },
  { title: "SP", cell: ({ registers }) => address(registers, ["rsp", "sp"]), wide: true },
  {
    title: "PENDING",
    cell: ({ pendingSignals }) => pendingSignals.map(({ name }) => name).join(" "),
    flexible: true,
  },
  {
    title: "BLOCKED",
    cell: ({ blockedSignals }) => (blockedSignals ?? []).join(" "),
    flexible: true,
  },
];

function address(registers: Thread["registers"], names: readonly string[]): string {
  for (const name of names) {
    const value = registers?.general[name];
    if (value !== undefined) return hex(value);
  }
  return "–";
}
