import { readFile } from "node:fs/promises";
import { UsageError } from "../base/errors.ts";

/**
 * Reads the file of `--ca-file`.
 * @returns certificates, PEM
 * @throws {UsageError} where it holds none.
 */
export async function readAuthorities(path: string): Promise<string> {
  const { createSecureContext } = await import("node:tls");
  const wrong = (found: string): UsageError =>
    new UsageError({
      code: "certificate",
      what: `${path} of --ca-file is of no use`,
      where: { path },
      found,
      allowed: "certificates of authorities, PEM",
      next: "openssl x509 -noout -subject -in FILE",
    });
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw wrong((error as NodeJS.ErrnoException).code ?? "nothing that can be read");
  }
  // OpenSSL takes a file without any certificate for an empty list.
  if (!text.includes("-----BEGIN CERTIFICATE-----")) throw wrong("a file without a certificate");
  try {
    createSecureContext({ ca: text });
  } catch {
    throw wrong("PEM that is damaged");
  }
  return text;
}
