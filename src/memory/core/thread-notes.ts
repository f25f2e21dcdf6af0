import { viewOf } from "../../base/bytes.ts";
import type { CriuProcess } from "../../criu/processes.ts";
import type { Messages } from "../../criu/schema/types.ts";
import { alignUp, type Note } from "./elf.ts";
import { noteType, type ThreadRegisters } from "./machine.ts";

/**
 * `struct elf_prstatus` of 64-bit machines (`include/linux/elfcore.h`): `si_signo`, `si_code` and
 * `si_errno`, then the signal at 12, sets of signals from 16, ids from 32, four times of 16 bytes
 * that images do not hold, registers from 112, and behind them whether NT_FPREGSET follows.
 */
const layout = { signal: 12, pending: 16, held: 24, ids: 32, registers: 112 } as const;

/** SIGSTOP: what a task is stopped by where its image does not say. */
const defaultStop = 19;
const lastSignal = 64;

/** NT_PRSTATUS of one thread. */
export function statusNote(
  tid: number,
  { ppid, pgid, sid, state, pid }: CriuProcess,
  core: Messages["core_entry"],
  { general, notes }: ThreadRegisters,
): Note {
  const end = layout.registers + general.length;
  const body = new Uint8Array(alignUp(end + 4, 8));
  const view = viewOf(body);
  // Nothing ended the process, so there is a signal only where one stopped it.
  const signal = state === "stopped" && tid === pid ? (core.tc?.stop_signo ?? defaultStop) : 0;
  view.setInt32(0, signal, true);
  view.setInt16(layout.signal, signal, true);
  view.setBigUint64(layout.pending, pending(core), true);
  view.setBigUint64(layout.held, held(core), true);
  for (const [at, id] of [tid, ppid, pgid, sid].entries()) {
    view.setUint32(layout.ids + at * 4, id, true);
  }
  body.set(general, layout.registers);
  view.setInt32(end, notes[0]?.type === noteType.floating ? 1 : 0, true);
  return { owner: "CORE", type: noteType.status, body };
}

/** Signals that wait for this thread alone, as a kernel puts them there. */
function pending({ thread_core: thread }: Messages["core_entry"]): bigint {
  let set = 0n;
  for (const { siginfo } of thread?.signals_p?.signals ?? []) {
    const signal = siginfo.length < 4 ? 0 : viewOf(siginfo).getInt32(0, true);
    if (signal >= 1 && signal <= lastSignal) set |= 1n << BigInt(signal - 1);
  }
  return set;
}

/** The set of the first thread stands with the task, those of the others with the thread. */
function held({ tc, thread_core: thread }: Messages["core_entry"]): bigint {
  return BigInt.asUintN(64, (tc ?? thread)?.blk_sigset ?? 0n);
}
