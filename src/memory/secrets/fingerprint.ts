import { createHash, scrypt } from "node:crypto";

/**
 * The fingerprint of a secret has to be the same on every machine, so its salt is no secret; and who
 * reads a report must not be able to try passwords against it. So it is made by scrypt (RFC 7914)
 * with N = 4096, r = 8, p = 1: each try takes 4 MiB and some ten milliseconds. 16 bytes of it count.
 */
const fingerprintSalt = "cryoscope/v1 secret";
const cost = { N: 4096, r: 8, p: 1 };

/** Many archives hold the same secrets. Kept by a hash, so that no secret outlives its archive. */
const known = new Map<string, Promise<string>>();
const mostKnown = 10_000;

/** @param identity characters of one byte each. */
export function secretFingerprint(identity: string): Promise<string> {
  const key = createHash("sha256").update(identity, "latin1").digest("base64");
  const made = known.get(key) ?? make(identity);
  if (known.size < mostKnown) known.set(key, made);
  return made;
}

function make(identity: string): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(Buffer.from(identity, "latin1"), fingerprintSalt, 16, cost, (error, bytes) => {
      if (error === null) resolve(bytes.toString("hex"));
      else reject(error);
    });
  });
}
