import { UsageError } from "../../base/errors.ts";
import { given } from "./connect.ts";
import type { TlsSettings } from "./endpoint.ts";

/**
 * Looks at authorities, certificate and key before anything is sent.
 * @throws {UsageError} where they are no PEM, or key and certificate do not fit each other.
 */
export async function checkTls(tls: TlsSettings, what: string): Promise<void> {
  const { createSecureContext } = await import("node:tls");
  const { ca, cert, key, passphrase } = tls;
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError({
      code: "certificate",
      what: `${what} are of no use`,
      found: cert === undefined ? "a key without a certificate" : "a certificate without a key",
      allowed: "both, or none",
    });
  }
  try {
    createSecureContext(given({ ca, cert, key, passphrase }));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new UsageError({
      code: "certificate",
      what: `${what} are of no use`,
      // The codes name what is wrong; the key is never quoted.
      found: words[code] ?? code,
      allowed: "PEM files; a certificate and the key that belongs to it",
      next: "openssl x509 -noout -subject -in CERTIFICATE; openssl pkey -noout -check -in KEY",
    });
  }
}

const words: Readonly<Record<string, string>> = {
  ERR_OSSL_PEM_NO_START_LINE: "a file that is no PEM",
  ERR_OSSL_PEM_BAD_BASE64_DECODE: "PEM that is damaged",
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: "a key that belongs to another certificate",
  ERR_OSSL_BAD_DECRYPT: "a key that is encrypted",
};
