import type { Detector } from "../detector.ts";
import { judgeCertificate } from "../validate/certificate.ts";
import { judgePemKey } from "../validate/pem.ts";

export const keyMaterial: readonly Detector[] = [
  {
    id: "pem-private-key",
    title: "Private key in PEM",
    group: "key-material",
    severity: "high",
    keywords: [
      "-----begin private key-----",
      "-----begin rsa private key-----",
      "-----begin ec private key-----",
      "-----begin dsa private key-----",
      "-----begin encrypted private key-----",
      "-----begin openssh private key-----",
    ],
    expression:
      /-----BEGIN (?<label>(?:RSA |EC |DSA |ENCRYPTED |OPENSSH )?)PRIVATE KEY-----(?<body>[\w+/=\s\\:,.-]{64,16000}?)-----END (?:RSA |EC |DSA |ENCRYPTED |OPENSSH )?PRIVATE KEY-----/,
    longest: 16080,
    lead: 0,
    judge: ({ groups: { label = "", body = "" } }) => judgePemKey(label, body),
  },
  {
    id: "certificate",
    title: "X.509 certificate",
    group: "key-material",
    severity: "info",
    keywords: ["-----begin certificate-----"],
    expression:
      /-----BEGIN CERTIFICATE-----(?<body>[\w+/=\s\\]{200,12000}?)-----END CERTIFICATE-----/,
    longest: 12060,
    lead: 0,
    judge: ({ groups: { body = "" } }) => judgeCertificate(body),
  },
];
