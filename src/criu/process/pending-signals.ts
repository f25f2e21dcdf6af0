import type { ProblemLog } from "../../base/problem.ts";
import type { Messages } from "../schema/types.ts";
import { signalName } from "./signals.ts";

/** A signal that was sent and not yet taken: a `siginfo_t` read. */
export interface PendingSignal {
  signal: number;
  name: string;
  /** Who sent it, by the kernel's word: `SI_USER` (kill), `SI_QUEUE` (sigqueue), `SI_TKILL`, … */
  code: string;
  /** Sender, where a process sent it. */
  pid?: number;
  uid?: number;
  /** The value that came with it: SI_QUEUE and SI_MESGQ. */
  value?: bigint;
}

const codes: Record<number, string> = {
  0: "SI_USER",
  [-1]: "SI_QUEUE",
  [-2]: "SI_TIMER",
  [-3]: "SI_MESGQ",
  [-4]: "SI_ASYNCIO",
  [-5]: "SI_SIGIO",
  [-6]: "SI_TKILL",
  [-7]: "SI_DETHREAD",
  [-60]: "SI_ASYNCNL",
  128: "SI_KERNEL",
};
const withSender = new Set(["SI_USER", "SI_QUEUE", "SI_MESGQ", "SI_TKILL"]);
const withValue = new Set(["SI_QUEUE", "SI_MESGQ"]);

/** `siginfo_t` is 128 bytes on every architecture; these are read. */
const readBytes = 32;

/** Reads a queue of pending signals. One that is cut short is a problem; the rest is read. */
export function readPendingSignals(
  queue: readonly Messages["siginfo_entry"][],
  architecture: string | undefined,
  member: string,
  problems: ProblemLog,
): PendingSignal[] {
  const signals: PendingSignal[] = [];
  let cut = 0;
  for (const { siginfo } of queue) {
    if (siginfo.length < readBytes) cut += 1;
    else signals.push(readSignal(siginfo, architecture));
  }
  if (cut > 0) {
    problems.add({
      severity: "error",
      code: "pending-signal",
      message: `${cut} pending signals are shorter than ${readBytes} bytes`,
      where: { member },
    });
  }
  return signals;
}

function readSignal(siginfo: Uint8Array, architecture: string | undefined): PendingSignal {
  const view = new DataView(siginfo.buffer, siginfo.byteOffset, siginfo.byteLength);
  const little = architecture !== "S390";
  const signal = view.getInt32(0, little);
  // MIPS has `si_code` before `si_errno`.
  const number = view.getInt32(architecture === "MIPS" ? 4 : 8, little);
  const code = codes[number] ?? `${number}`;
  const pending: PendingSignal = { signal, name: signalName(signal, architecture), code };
  // `si_errno` and `si_code` are followed by padding on 64-bit machines.
  const sender = architecture === "ARM" ? 12 : 16;
  if (withSender.has(code)) {
    pending.pid = view.getInt32(sender, little);
    pending.uid = view.getUint32(sender + 4, little);
  }
  if (withValue.has(code)) {
    pending.value =
      architecture === "ARM" ? BigInt(view.getUint32(20, little)) : view.getBigUint64(24, little);
  }
  return pending;
}
