import type { Candidate, Detector, Judgement } from "../detector.ts";
import { tokenDetector } from "../token-detector.ts";
import { decodeBase64 } from "../validate/base64.ts";
import { hasBech32Checksum } from "../validate/bech32.ts";
import { byForm } from "../validate/by-form.ts";
import { judgeCertificate } from "../validate/certificate.ts";
import { judgePasswordHash } from "../validate/password-hash.ts";
import { judgePemKey } from "../validate/pem.ts";
import { judgePgpKey } from "../validate/pgp-key.ts";
import { judgePuttyKey } from "../validate/putty-key.ts";
import { judgeWebKey } from "../validate/web-key.ts";

const group = "key-material";

export const keyMaterial: readonly Detector[] = [
  {
    id: "pem-private-key",
    title: "Private key in PEM: PKCS #8, PKCS #1, SEC 1, encrypted or not",
    group,
    severity: "high",
    keywords: [
      "-----begin private key-----",
      "-----begin rsa private key-----",
      "-----begin ec private key-----",
      "-----begin dsa private key-----",
      "-----begin encrypted private key-----",
    ],
    expression:
      /-----BEGIN (?<label>(?:RSA |EC |DSA |ENCRYPTED )?)PRIVATE KEY-----(?<body>(?:[\w+/=\s\\:,.]|-(?!-)){56,16000}?)-----END (?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY-----/,
    longest: 16080,
    lead: 0,
    judge: ({ groups: { label = "", body = "" } }) => judgePemKey(label, body),
  },
  {
    id: "openssh-private-key",
    title: "OpenSSH private key",
    group,
    severity: "high",
    keywords: ["-----begin openssh private key-----"],
    expression:
      /-----BEGIN OPENSSH PRIVATE KEY-----(?<body>[\w+/=\s\\]{100,16000}?)-----END OPENSSH PRIVATE KEY-----/,
    longest: 16080,
    lead: 0,
    judge: ({ groups: { body = "" } }) => judgePemKey("OPENSSH ", body),
  },
  {
    id: "putty-private-key",
    title: "PuTTY private key",
    group,
    severity: "high",
    keywords: ["putty-user-key-file-"],
    expression:
      /PuTTY-User-Key-File-[23]: [\w\s+/=:@.,()\\-]{100,8000}?Private-MAC: [0-9a-f]{64}|PuTTY-User-Key-File-[23]: [\w\s+/=:@.,()\\-]{100,8000}?Private-MAC: [0-9a-f]{40}/,
    longest: 8100,
    lead: 0,
    judge: ({ match }) => judgePuttyKey(match),
  },
  {
    id: "pgp-private-key",
    title: "PGP private key block",
    group,
    severity: "high",
    keywords: ["-----begin pgp private key block-----"],
    expression:
      /-----BEGIN PGP PRIVATE KEY BLOCK-----(?<body>(?:[\w+/=\s\\:.<>@(),]|-(?!-)){80,30000}?)-----END PGP PRIVATE KEY BLOCK-----/,
    longest: 30100,
    lead: 0,
    judge: ({ groups: { body = "" } }) => judgePgpKey(body),
  },
  {
    id: "json-web-key",
    title: "JSON web key, private or symmetric",
    group,
    severity: "high",
    keywords: ['"kty"', '"kty\\'],
    expression: /\{[^{}]{0,3000}"kty\\{0,3}"[^{}]{4,4000}\}/,
    longest: 7020,
    lead: 3001,
    judge: ({ match }) => judgeWebKey(match),
  },
  tokenDetector(group, {
    id: "age-secret-key",
    title: "age secret key",
    prefixes: ["AGE-SECRET-KEY-1"],
    characters: "A-Z0-9",
    length: 58,
    judge: (random, prefix) =>
      hasBech32Checksum(prefix + random)
        ? { proof: "checksum" }
        : byForm(random, { checksum: "wrong" }, "medium"),
  }),
  {
    id: "wireguard-private-key",
    title: "WireGuard private or preshared key",
    group,
    severity: "high",
    keywords: ["privatekey", "presharedkey"],
    expression: /(?:Private|Preshared)Key {0,2}= {0,2}(?<secret>[A-Za-z0-9+/]{43}=)(?![\w+/=])/i,
    longest: 62,
    lead: 0,
    judge: judgeWireguard,
  },
  {
    id: "certificate",
    title: "X.509 certificate: public, told for what it says",
    group,
    severity: "info",
    keywords: ["-----begin certificate-----"],
    expression:
      /-----BEGIN CERTIFICATE-----(?<body>[\w+/=\s\\]{200,12000}?)-----END CERTIFICATE-----/,
    longest: 12060,
    lead: 0,
    judge: ({ groups: { body = "" } }) => judgeCertificate(body),
  },
  {
    id: "password-hash",
    title: "Hash of a password, as in /etc/shadow",
    group,
    severity: "medium",
    keywords: [
      "$6$",
      "$5$",
      "$y$",
      "$gy$",
      "$2a$",
      "$2b$",
      "$2y$",
      "$1$",
      "$apr1$",
      "$argon2",
      "scram-sha-256$",
    ],
    expression:
      /(?<=(?<user>[a-z_][\w-]{0,14}):|)(?<secret>\$(?:[156y]|gy|2[aby]|apr1)\$[\w./$=]{28,140}|\$argon2(?:id|i|d)\$[\w./$=,+]{28,220}|SCRAM-SHA-256\$\d{3,7}:[\w+/=]{16,50}\$[\w+/=]{44}:[\w+/=]{44})(?![\w./$])/,
    longest: 236,
    lead: 0,
    judge: ({ secret, groups }) => judgePasswordHash(secret, groups["user"] ?? ""),
  },
];

/** WireGuard sets and clears five bits of a private key; a preshared one is any 32 bytes. */
function judgeWireguard({ match, secret }: Candidate): Judgement | undefined {
  const bytes = decodeBase64(secret);
  if (bytes?.length !== 32 || byForm(secret, {}, undefined, 4) === undefined) return undefined;
  const clamped = ((bytes[0] ?? 0) & 7) === 0 && ((bytes[31] ?? 0) & 0xc0) === 0x40;
  const kind = match.toLowerCase().startsWith("private") ? "private" : "preshared";
  return { proof: kind === "private" && clamped ? "structure" : "form", facts: { kind } };
}
