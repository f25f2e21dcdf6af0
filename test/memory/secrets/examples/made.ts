import { Buffer } from "node:buffer";

/** What a detector has to find, and what it must not. */
export interface Examples {
  yes: readonly string[];
  no: readonly string[];
}

// Secrets are made when the tests run: none stands in the repository, invented or not.
let state = 20240917;
/** The same characters in each run. */
function chance(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const of =
  (characters: string) =>
  (length: number): string =>
    Array.from({ length }, () => characters.charAt(chance(characters.length))).join("");

const az = "abcdefghijklmnopqrstuvwxyz";
export const digits = of("0123456789");
export const letters = of(az + az.toUpperCase());
export const hex = of("0123456789abcdef");
export const lower = of(`${az}0123456789`);
export const upper = of(`${az.toUpperCase()}0123456789`);
export const base32 = of(`${az.toUpperCase()}234567`);
export const base62 = of(`${az}${az.toUpperCase()}0123456789`);
/** Base 64 of so many bytes, padded. */
export const base64 = (bytes: number): string => randomBytes(bytes).toString("base64");
export const randomBytes = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => chance(256)));
export const uuid = (): string => [hex(8), hex(4), hex(4), hex(4), hex(12)].join("-");

/** A variable as shells and templates write it, which stands for a secret and is none. */
export const variable = (name: string): string => `$\{${name}}`;

/** Examples of tokens with a prefix and so many random characters, the fewest that there may be. */
export function form(
  prefixes: string | readonly string[],
  make: (length: number) => string,
  length: number,
  suffix = "",
): Examples {
  const all = [prefixes].flat();
  const first = all[0] as string;
  const token = (prefix: string): string => prefix + make(length) + suffix;
  return {
    yes: [
      ...all.map(token),
      `"value": "${token(first)}",`,
      `A_VARIABLE=${token(first)}`,
      `\\"escaped\\":\\"${token(first)}\\"`,
    ],
    no: [
      first + "x".repeat(length) + suffix,
      first + make(length - 1) + suffix,
      `Z${token(first)}`,
      first,
    ],
  };
}

/** Examples of secrets that are known by the name before them. */
export function named(names: string | readonly string[], make: () => string): Examples {
  const all = [names].flat();
  const first = all[0] as string;
  return {
    yes: [
      ...all.map((name) => `${name.toUpperCase()}=${make()}`),
      `{"${first}": "${make()}"}`,
      `${first}: ${make()}\n`,
      `{\\"${first}\\":\\"${make()}\\"}`,
    ],
    no: [
      `other_thing=${make()}`,
      `${first}=${"x".repeat(make().length)}`,
      `${first}=`,
      `${first}=${variable(first.toUpperCase())}`,
    ],
  };
}
