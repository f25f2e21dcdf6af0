import { ArchiveError } from "../base/errors.ts";
import { safeNumber } from "../base/u64.ts";
import type { Messages } from "./schema/types.ts";

/**
 * Lengths of the raw bytes that follow entries of some images (CRIU 4.2, `criu/*.c`; crit skips
 * the same). Lengths in bytes, padding included.
 */

/** Payloads whose length stands in the entry before them. */
type SizedPayload =
  | "tcp_stream"
  | "pipes_data"
  | "sk_queues"
  | "ipc_shm"
  | "ipc_sem_set"
  | "bpfmap_data";

const lengths: Record<SizedPayload, (entry: never) => bigint> = {
  tcp_stream: (entry: Messages["tcp_stream_entry"]) =>
    BigInt(entry.inq_len) + BigInt(entry.outq_len),
  pipes_data: (entry: Messages["pipe_data_entry"]) => BigInt(entry.bytes),
  sk_queues: (entry: Messages["sk_packet_entry"]) => BigInt(entry.length),
  // Segments whose pages have a page table of their own bring no bytes here.
  ipc_shm: (entry: Messages["ipc_shm_entry"]) =>
    entry.in_pagemaps === true ? 0n : roundUp(entry.size, 4n),
  ipc_sem_set: (entry: Messages["ipc_sem_entry"]) => roundUp(BigInt(entry.nsems) * 2n, 8n),
  bpfmap_data: (entry: Messages["bpfmap_data_entry"]) =>
    BigInt(entry.keys_bytes) + BigInt(entry.values_bytes),
};

export function isSizedPayload(kind: string): kind is SizedPayload {
  return kind in lengths;
}

/** Bytes that follow `entry`. */
export function payloadLength(kind: SizedPayload, entry: unknown): number {
  return asLength(lengths[kind](entry as never));
}

/** Bytes of one SysV message, which follow its own small entry. */
export function messageLength(entry: Messages["ipc_msg"]): number {
  return asLength(roundUp(BigInt(entry.msize), 8n));
}

function roundUp(value: bigint, unit: bigint): bigint {
  return ((value + unit - 1n) / unit) * unit;
}

export function asLength(value: bigint): number {
  const length = safeNumber(value);
  if (length !== undefined) return length;
  throw new ArchiveError({
    what: "an entry announces more bytes than any image has",
    found: value.toString(),
    allowed: "up to 2^53 - 1",
  });
}
