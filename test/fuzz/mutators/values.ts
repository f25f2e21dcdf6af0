import type { Random } from "../random.ts";

/** Numbers at which arithmetic goes wrong. */
export const edges: readonly bigint[] = [
  0n,
  1n,
  2n,
  7n,
  127n,
  128n,
  255n,
  256n,
  4095n,
  4096n,
  65535n,
  65536n,
  (1n << 24n) - 1n,
  (1n << 31n) - 1n,
  1n << 31n,
  (1n << 32n) - 1n,
  1n << 32n,
  (1n << 47n) - 4096n,
  1n << 47n,
  (1n << 53n) - 1n,
  1n << 53n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 4096n,
  (1n << 64n) - 1n,
];

/** A number near `value`, at an edge, or anything. */
export function strangeNumber(random: Random, value = 0n): bigint {
  switch (random.below(6)) {
    case 0:
      return BigInt.asUintN(64, value + BigInt(random.below(5) - 2));
    case 1:
      return BigInt.asUintN(64, value * BigInt(random.pick([2, 4096, 65537])));
    case 2:
      return BigInt(random.word());
    case 3:
      return BigInt.asUintN(64, random.pick(edges) + BigInt(random.below(3) - 1));
    default:
      return random.pick(edges);
  }
}

const texts: readonly string[] = [
  "",
  " ",
  "/",
  ".",
  "..",
  "../../../../etc/passwd",
  "/etc/shadow",
  "a/../b",
  "./",
  "-",
  "--help",
  "a\0b",
  "\x1b[31mred\x1b[0m",
  "\x1b]0;title\x07",
  "\x9b31m",
  "line\nline\r\nline",
  "tab\tend",
  "\u202eevil\u202c",
  "\u200b\u2060\ufeff",
  "\u{e0041}\u{e0042}",
  "\ud800",
  "\udcff\udc80",
  "e\u0301\u0302\u0303\u0304",
  "漢字かな交じり",
  "👩‍👩‍👧‍👦🏳️‍🌈",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "toString",
  "null",
  "NaN",
  "-0",
  "1e999",
  "0x41414141",
  "18446744073709551616",
  "2026-11-21T21:05:01Z",
  "9999-99-99T99:99:99Z",
  "-271821-04-20T00:00:00.000Z",
  "sha256:",
  "sha256:zz",
  "%s%n%x",
  "$(id)",
  "';--",
  "<script>alert(1)</script>",
  "]]>",
  "{{.}}",
  "registry.example/a:b@sha256:c",
  "http://[::1]:0/",
  "password=hunter2hunter2",
  "tmpfs",
  "overlay",
  "x".repeat(255),
  "x/".repeat(200),
  "d/".repeat(3000),
];

/** A text that somebody may trip over. Long ones are said as such, so that recipes stay short. */
export function strangeText(random: Random): string {
  return random.once(30) ? `long:${2 ** (10 + random.below(9))}` : random.pick(texts);
}

/** The text that `strangeText` stands for. */
export function spellOut(text: string): string {
  const match = /^long:(\d{1,6})$/.exec(text);
  return match === null ? text : "A\u202eb\x1bc ".repeat(Number(match[1]) / 6);
}
