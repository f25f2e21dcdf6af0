/** CRC-32 bit by bit, as a test's own opinion. */
export function crc32(text: string): number {
  let sum = 0xffffffff;
  for (const character of text) {
    sum ^= character.charCodeAt(0);
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

export const githubDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
export const synapseDigits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** A number in base 62, six digits. */
export function inBase62(value: number, digits: string): string {
  let rest = BigInt(value);
  const places: string[] = [];
  while (places.length < 6) {
    places.unshift(digits[Number(rest % 62n)] as string);
    rest /= 62n;
  }
  return places.join("");
}

/** OpenPGP's CRC-24. */
export function crc24(bytes: Uint8Array): number {
  let sum = 0xb704ce;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const out = ((sum >> 23) ^ (byte >> bit)) & 1;
      sum = (sum << 1) & 0xffffff;
      if (out) sum ^= 0x864cfb;
    }
  }
  return sum;
}
