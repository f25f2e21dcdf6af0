/** u64 values are bigint inside and `0x…` strings in JSON: addresses exceed 2^53. */
export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** A u64 that is used as a length or offset, or undefined where it exceeds 2^53 - 1. */
export function safeNumber(value: bigint): number | undefined {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= 0n ? Number(value) : undefined;
}
