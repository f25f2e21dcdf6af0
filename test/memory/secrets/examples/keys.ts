import { Buffer } from "node:buffer";
import { createHash, createHmac, generateKeyPairSync } from "node:crypto";
import { crc24 } from "./checksums.ts";
import { randomBytes } from "./made.ts";

/** A private key that was made just now, in PKCS #8; encrypted where a passphrase is given. */
export function pkcs8(passphrase?: string): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const cipher = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  return privateKey.export({ type: "pkcs8", format: "pem", ...cipher }).toString();
}

export function rsa(passphrase?: string): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const cipher = passphrase === undefined ? {} : { cipher: "aes-128-cbc", passphrase };
  return privateKey.export({ type: "pkcs1", format: "pem", ...cipher }).toString();
}

export function sec1(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
  return privateKey.export({ type: "sec1", format: "pem" }).toString();
}

export function webKey(): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync("ed25519");
  return { ...privateKey.export({ format: "jwk" }) };
}

const field = (content: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

export const pem = (label: string, bytes: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes)
    .toString("base64")
    .replace(/.{64}/g, "$&\n")}\n-----END ${label}-----\n`;

/** An OpenSSH key's frame around random bytes. */
export function openSsh(cipher = "none", checksTwice = true): string {
  const shared = Buffer.concat([field("ssh-ed25519"), field(randomBytes(32))]);
  const check = randomBytes(4);
  const own = Buffer.concat([check, checksTwice ? check : randomBytes(4), randomBytes(120)]);
  const bytes = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    field(cipher),
    field(cipher === "none" ? "none" : "bcrypt"),
    field(cipher === "none" ? "" : randomBytes(24)),
    Buffer.from([0, 0, 0, 1]),
    field(shared),
    field(own),
  ]);
  return pem("OPENSSH PRIVATE KEY", bytes);
}

export function putty(version: 2 | 3, cipher = "none"): string {
  const [shared, own] = [randomBytes(51), randomBytes(36)];
  const key =
    version === 2 ? createHash("sha1").update("putty-private-key-file-mac-key").digest() : "";
  const mac = createHmac(version === 2 ? "sha1" : "sha256", key)
    .update(Buffer.concat(["ssh-ed25519", cipher, "a test", shared, own].map(field)))
    .digest("hex");
  return [
    `PuTTY-User-Key-File-${version}: ssh-ed25519`,
    `Encryption: ${cipher}`,
    "Comment: a test",
    "Public-Lines: 2",
    ...(shared.toString("base64").match(/.{1,64}/g) ?? []),
    "Private-Lines: 1",
    own.toString("base64"),
    `Private-MAC: ${mac}`,
    "",
  ].join("\r\n");
}

/** A PGP block whose first packet is of this kind: 5 is a secret key, 6 a public one. */
export function pgp(tag: number, sum?: string): string {
  const body = Buffer.concat([Buffer.from([4, 0x60, 0, 0, 0, 22]), randomBytes(120)]);
  const bytes = Buffer.concat([Buffer.from([0xc0 | tag, body.length]), body]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc24(bytes));
  const last = sum ?? check.subarray(1).toString("base64");
  const lines = bytes.toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: Test 1\n\n${lines}\n=${last}\n-----END PGP PRIVATE KEY BLOCK-----\n`;
}
