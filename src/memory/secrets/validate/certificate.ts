import { X509Certificate } from "node:crypto";
import type { Judgement } from "../detector.ts";
import { decodeBase64 } from "./base64.ts";
import { keyFacts, pemBase64 } from "./pem.ts";

const year = 365.25 * 24 * 3600 * 1000;

/**
 * Is it a public root, of which every machine has a hundred and a half: an organisation's own
 * signature under a very long life? A cluster's or a tester's own authority has no organisation, or a
 * shorter life.
 */
function isPublicRoot(certificate: X509Certificate): boolean {
  const life = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
  const { subject, issuer } = certificate;
  return subject === issuer && /^[CO]=/m.test(subject) && life > 14 * year;
}

/**
 * Judges a certificate by what node:crypto reads of it. It is public: told for what it says, unless
 * it is one of the roots that everybody trusts.
 */
export function judgeCertificate(body: string, now = Date.now()): Judgement | undefined {
  const identity = pemBase64(body);
  const der = decodeBase64(identity);
  if (der === undefined) return undefined;
  try {
    const certificate = new X509Certificate(der);
    if (isPublicRoot(certificate)) return undefined;
    const expires = new Date(certificate.validTo);
    return {
      proof: "structure",
      facts: {
        subject: oneLine(certificate.subject),
        issuer: oneLine(certificate.issuer),
        expires: expires.toISOString(),
        ...(expires.getTime() < now && { expired: true }),
        ...(certificate.ca && { authority: true }),
        ...keyFacts(certificate.publicKey),
      },
      identity,
    };
  } catch {
    return undefined;
  }
}

/** Node writes a name's parts in lines of their own; a certificate may have no subject at all. */
const oneLine = (name: string | undefined): string =>
  (name ?? "").split("\n").join(", ").slice(0, 200);
