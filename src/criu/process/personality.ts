import { bitNames, type Flags } from "./flags.ts";

/** `personality(2)`: whose system calls a process expects, and what the kernel leaves out for it. */
export interface Personality {
  /** Null where the images do not say. */
  personality: number | null;
  /** `ADDR_NO_RANDOMIZE`, …; what is not a flag (the domain) together as one `0x…`. */
  personalityFlags: string[];
}

// `<sys/personality.h>`
const flags: Flags = [
  [0x0020000, "UNAME26"],
  [0x0040000, "ADDR_NO_RANDOMIZE"],
  [0x0080000, "FDPIC_FUNCPTRS"],
  [0x0100000, "MMAP_PAGE_ZERO"],
  [0x0200000, "ADDR_COMPAT_LAYOUT"],
  [0x0400000, "READ_IMPLIES_EXEC"],
  [0x0800000, "ADDR_LIMIT_32BIT"],
  [0x1000000, "SHORT_INODE"],
  [0x2000000, "WHOLE_SECONDS"],
  [0x4000000, "STICKY_TIMEOUTS"],
  [0x8000000, "ADDR_LIMIT_3GB"],
];
/** All of these, and the byte that tells the domain. */
const possible = 0xffe00ff;

/**
 * Reads a personality, which CRIU (4.2 and before) saves wrongly: it reads the kernel's hexadecimal
 * text as a decimal number. `0x440000` is 440000 in an image, which is no personality, so its digits
 * are read as hexadecimal again. CRIU stops at a digit from `a` to `f`; what stood there is lost.
 */
export function readPersonality(saved: number | undefined): Personality {
  if (saved === undefined) return { personality: null, personalityFlags: [] };
  const again = Number.parseInt(`${saved}`, 16);
  const personality = isOne(saved) || !isOne(again) ? saved : again;
  return { personality, personalityFlags: bitNames(personality, flags) };
}

function isOne(value: number): boolean {
  return value <= possible && (value & ~possible) === 0;
}
