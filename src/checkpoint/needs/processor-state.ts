/** A part of the processor's state that a process may have in use. */
interface ProcessorPart {
  /** Bits of `xstate_bv` (Intel SDM, volume 1, chapter 13). */
  bits: bigint;
  name: string;
  /** Flags of /proc/cpuinfo, each of which a processor that can load it has. */
  flags: readonly string[];
  /** Has every x86-64 machine of the last ten years got it? */
  usual: boolean;
}

const bit = (...at: number[]): bigint => at.reduce((bits, each) => bits | (1n << BigInt(each)), 0n);

/** Parts beyond those that every x86-64 processor has. */
const processorParts: readonly ProcessorPart[] = [
  { bits: bit(2), name: "AVX", flags: ["avx"], usual: true },
  { bits: bit(3, 4), name: "MPX", flags: ["mpx"], usual: false },
  { bits: bit(5, 6, 7), name: "AVX-512", flags: ["avx512f"], usual: false },
  { bits: bit(9), name: "protection keys", flags: ["pku"], usual: false },
  { bits: bit(11, 12), name: "shadow stacks", flags: ["user_shstk"], usual: false },
  { bits: bit(17, 18), name: "AMX", flags: ["amx_tile"], usual: false },
];

export function partsInUse(state: bigint): ProcessorPart[] {
  return processorParts.filter(({ bits }) => (state & bits) !== 0n);
}
