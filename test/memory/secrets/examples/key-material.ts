import { Buffer } from "node:buffer";
import { openSsh, pem, pgp, pkcs8, putty, rsa, sec1, webKey } from "./keys.ts";
import { base62, base64, type Examples, randomBytes, upper } from "./made.ts";

/** Public, and of nobody: signed by itself. */
const certificate =
  "-----BEGIN CERTIFICATE-----\nMIIBrDCCAVOgAwIBAgIUDJoEZWZ6r5GNO7wCdoe/VkiHXbQwCgYIKoZIzj0EAwIw\nLDEXMBUGA1UEAwwOY3J5b3Njb3BlIHRlc3QxETAPBgNVBAoMCEludmVudGVkMB4X\nDTI2MTEyMjA1MzE0MVoXDTM2MTExOTA1MzE0MVowLDEXMBUGA1UEAwwOY3J5b3Nj\nb3BlIHRlc3QxETAPBgNVBAoMCEludmVudGVkMFkwEwYHKoZIzj0CAQYIKoZIzj0D\nAQcDQgAEqnnZWRVzINsWCniA2suVd1IbyL4sLBOPm36dXXIc65ajLQOzNjZ5+epU\njvDKNxh58r6MOCi8qWfc+o1bQxUJtaNTMFEwHQYDVR0OBBYEFO+vkiyex4QZXZN/\newSsQlwGadNSMB8GA1UdIwQYMBaAFO+vkiyex4QZXZN/ewSsQlwGadNSMA8GA1Ud\nEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgDqn13Bf0WY5JBQq8ak0nYfxP\nEHU7290W/pm19FMNyWgCICZ8899+Oqp33VAM1NQEnU1ZbGX0SwusJ7wAqUv8uUfL\n-----END CERTIFICATE-----";
const indented = (text: string): string => text.replace(/^/gm, "    ");
const escaped = (text: string): string => JSON.stringify({ key: text });
const twice = (text: string): string => JSON.stringify(escaped(text));
const fake = pem("PRIVATE KEY", Buffer.alloc(96));
const jwk = webKey();
/** Characters of chance in crypt's alphabet. */
const crypt = base62;
// From the test kit of age (github.com/C2SP/CCTV): all bytes are one letter.
const ageKey = ["AGE-SECRET-KEY-", "1GFPYYSJZ", "GFPYYSJZ".repeat(5), "GFPQ4EGAEX"].join("");

const wireguard = (): string => {
  const bytes = randomBytes(32);
  bytes[0] = (bytes[0] as number) & 248;
  bytes[31] = ((bytes[31] as number) & 127) | 64;
  return bytes.toString("base64");
};

export const keyMaterial: Record<string, Examples> = {
  "pem-private-key": {
    yes: [
      pkcs8(),
      rsa(),
      sec1(),
      rsa("passphrase"),
      pkcs8("passphrase"),
      indented(pkcs8()),
      escaped(pkcs8()),
      twice(rsa()),
      pkcs8().replaceAll("\n", "\r\n"),
      pkcs8().replaceAll("\n", " "),
    ],
    no: [
      fake,
      "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
      "-----BEGIN RSA PRIVATE KEY-----%s-----END RSA PRIVATE KEY-----",
      pem("PUBLIC KEY", randomBytes(120)),
    ],
  },
  "openssh-private-key": {
    yes: [openSsh(), openSsh("aes256-ctr"), escaped(openSsh()), indented(openSsh())],
    no: [
      pem("OPENSSH PRIVATE KEY", Buffer.alloc(120)),
      "-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----",
      openSsh().replaceAll("OPENSSH PRIVATE", "OPENSSH PUBLIC"),
    ],
  },
  "putty-private-key": {
    yes: [putty(2), putty(3), putty(3, "aes256-cbc"), putty(2).replaceAll("\r\n", "\n")],
    no: [
      "PuTTY-User-Key-File-2: ",
      putty(2).replace("Private-MAC", "Private-Sum"),
      putty(2).replace("Encryption", "Encoding"),
    ],
  },
  "pgp-private-key": {
    yes: [pgp(5), escaped(pgp(5)), pgp(5, "AAAA"), `\n${pgp(5)}\n`],
    no: [
      pgp(6),
      "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n-----END PGP PRIVATE KEY BLOCK-----",
      pgp(5).replaceAll("PRIVATE", "PUBLIC"),
    ],
  },
  "json-web-key": {
    yes: [
      JSON.stringify(jwk),
      JSON.stringify({ keys: [{ ...webKey(), kid: "a" }] }),
      JSON.stringify(JSON.stringify(webKey())),
      JSON.stringify({ kty: "oct", k: base62(43) }),
    ],
    no: [
      JSON.stringify({ ...webKey(), d: undefined }),
      '{"kty":"OKP","d":"AA","crv":"Ed25519"}',
      '{"kty":"oct","k":"short"}',
    ],
  },
  "age-secret-key": {
    yes: [ageKey, `\n${ageKey}\n`, `"${ageKey}"`, `AGE-SECRET-KEY-1${upper(58)}`],
    no: [ageKey.slice(0, -1), `AGE-SECRET-KEY-1${"X".repeat(58)}`, `Z${ageKey}`],
  },
  "wireguard-private-key": {
    yes: [
      `PrivateKey = ${wireguard()}\n`,
      `PresharedKey=${base64(32)}\n`,
      `[Interface]\nPrivateKey = ${base64(32)}\n`,
    ],
    no: [
      `PublicKey = ${base64(32)}\n`,
      `PrivateKey = ${base64(31)}\n`,
      `PrivateKey = ${"A".repeat(43)}=`,
    ],
  },
  certificate: {
    yes: [certificate, escaped(certificate), indented(certificate)],
    no: [
      pem("CERTIFICATE", randomBytes(300)),
      "-----BEGIN CERTIFICATE-----",
      certificate.replaceAll("CERTIFICATE", "CERTIFICATE REQUEST"),
    ],
  },
  "password-hash": {
    yes: [
      `root:$6$${crypt(8)}$${crypt(86)}:19000:0:99999:7:::\n`,
      `$5$rounds=5000$${crypt(16)}$${crypt(43)}`,
      `$2b$12$${crypt(53)}`,
      `alice:$y$j9T$${crypt(16)}$${crypt(43)}:1:\n`,
      `$apr1$${crypt(8)}$${crypt(22)}`,
      `$argon2id$v=19$m=65536,t=3,p=4$${crypt(22)}$${crypt(43)}`,
      `SCRAM-SHA-256$4096:${base64(16)}$${base64(32)}:${base64(32)}`,
    ],
    no: [
      `$6$${crypt(8)}$${crypt(85)}`,
      "$6$rounds=%lu$",
      `$2b$99$${crypt(53)}`,
      `$1$${"x".repeat(8)}$${crypt(22)}`,
      "cost is $5$ or $1$ more",
    ],
  },
};
