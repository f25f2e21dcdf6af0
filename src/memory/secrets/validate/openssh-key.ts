import type { Buffer } from "node:buffer";

const magic = "openssh-key-v1\0";

/**
 * What a private key of OpenSSH says of itself (PROTOCOL.key of OpenSSH): cipher, key derivation,
 * kind, number of keys. An open one's two check numbers have to be the same. undefined where the bytes
 * are no such key.
 */
export function openSshFacts(
  bytes: Buffer,
): { algorithm: string; encrypted: boolean; cipher?: string } | undefined {
  if (bytes.toString("latin1", 0, magic.length) !== magic) return undefined;
  const reader = new SshReader(bytes, magic.length);
  const cipher = reader.text();
  const derivation = reader.text();
  reader.field();
  const count = reader.number();
  const publicKey = reader.field();
  const secret = reader.field();
  if (cipher === undefined || derivation === undefined || count !== 1) return undefined;
  if (publicKey === undefined || secret === undefined || secret.length < 8) return undefined;
  const algorithm = new SshReader(publicKey, 0).text();
  if (algorithm === undefined || !/^[\w@.-]{3,64}$/.test(algorithm)) return undefined;
  if (cipher !== "none") return { algorithm, encrypted: true, cipher };
  if (!secret.subarray(0, 4).equals(secret.subarray(4, 8))) return undefined;
  return { algorithm, encrypted: false };
}

/** Reads SSH's wire format (RFC 4251, 5): numbers of 32 bits, and fields behind their length. */
class SshReader {
  private readonly bytes: Buffer;
  private at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  number(): number | undefined {
    if (this.at + 4 > this.bytes.length) return undefined;
    this.at += 4;
    return this.bytes.readUInt32BE(this.at - 4);
  }

  field(): Buffer | undefined {
    const length = this.number();
    if (length === undefined || this.at + length > this.bytes.length) {
      this.at = this.bytes.length;
      return undefined;
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text(): string | undefined {
    return this.field()?.toString("latin1");
  }
}
