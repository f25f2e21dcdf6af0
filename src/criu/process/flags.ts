import { hex } from "../../base/u64.ts";

/** Bits and their names. */
export type Flags = readonly (readonly [bit: number, name: string])[];

/** Names of the bits that are set; those without a name together as one `0x…`. */
export function bitNames(value: bigint | number, flags: Flags): string[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const names: string[] = [];
  for (const [bit, name] of flags) {
    if ((rest & BigInt(bit)) === 0n) continue;
    rest &= ~BigInt(bit);
    names.push(name);
  }
  if (rest !== 0n) names.push(hex(rest));
  return names;
}

/** The name that a table has for a number, or the number itself as text. */
export function nameOf(names: Readonly<Record<number, string>>, value: number): string {
  return names[value] ?? `${value}`;
}
