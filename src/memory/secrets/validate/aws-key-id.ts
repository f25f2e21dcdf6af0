const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The account that a key of AWS belongs to, twelve digits: since 2019 it stands in the key's id, 40
 * bits of its base 32 behind the prefix. undefined for older ids.
 */
export function awsAccount(keyId: string): string | undefined {
  let bits = 0n;
  for (const character of keyId.slice(4, 14)) {
    const value = alphabet.indexOf(character);
    if (value === -1) return undefined;
    bits = bits * 32n + BigInt(value);
  }
  // Ten characters are 50 bits; the id's first 48 are a mark, the account and seven bits of others.
  const head = bits >> 2n;
  if (head >> 47n === 0n) return undefined;
  const account = (head & 0x7fffffffffffn) >> 7n;
  return account < 1_000_000_000_000n ? account.toString().padStart(12, "0") : undefined;
}
