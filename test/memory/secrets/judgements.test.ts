import { describe, expect, it } from "vitest";
import type { Judgement } from "../../../src/memory/secrets/detector.ts";
import { detectors } from "../../../src/memory/secrets/detectors.ts";
import { keyMaterial } from "./examples/key-material.ts";
import { openSsh, pgp, pkcs8, putty, rsa } from "./examples/keys.ts";
import { base62 } from "./examples/made.ts";
import { checked } from "./examples/source-hosting.ts";
import { boundClaims, claims, webToken } from "./examples/token.ts";

/** What a detector says of the first thing that it finds in a text. */
function judge(id: string, text: string): (Judgement & { severity: string }) | undefined {
  const detector = detectors.find((entry) => entry.id === id);
  const match = detector?.expression.exec(text);
  if (detector === undefined || !match) return undefined;
  const groups = match.groups ?? {};
  const secret = groups["secret"] ?? match[0];
  const judgement = detector.judge?.({ match: match[0], secret, groups });
  return judgement && { severity: detector.severity, ...judgement };
}

describe("a checksum", () => {
  it("proves a token of GitHub and npm, and makes another milder", () => {
    // Published as an example with a right checksum, and so good for nothing else.
    const published = ["ghp", "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].join("");
    expect(judge("github-personal-access-token", published)).toMatchObject({
      proof: "checksum",
      severity: "high",
    });
    expect(judge("npm-access-token", checked("npm_"))?.proof).toBe("checksum");
    const wrong = published.replace("0mLq17", "0mLq18");
    expect(judge("github-personal-access-token", wrong)).toMatchObject({
      proof: "form",
      severity: "medium",
      facts: { checksum: "wrong" },
    });
  });

  it("proves keys of age, PGP and PuTTY", () => {
    const age = keyMaterial["age-secret-key"]?.yes[0] as string;
    expect(judge("age-secret-key", age)?.proof).toBe("checksum");
    expect(judge("age-secret-key", age.replace("GFPQ4", "GFPQ5"))).toMatchObject({
      proof: "form",
      severity: "medium",
    });
    expect(judge("pgp-private-key", pgp(5))).toMatchObject({
      proof: "checksum",
      facts: { algorithm: "eddsa" },
    });
    expect(judge("pgp-private-key", pgp(5, "AAAA"))?.proof).toBe("structure");
    for (const version of [2, 3] as const) {
      expect(judge("putty-private-key", putty(version))).toMatchObject({
        proof: "checksum",
        facts: { encrypted: false },
      });
    }
    expect(judge("putty-private-key", putty(3).replace("a test", "a tent"))?.proof).toBe(
      "structure",
    );
    expect(judge("putty-private-key", putty(3, "aes256-cbc"))?.severity).toBe("low");
  });
});

describe("a web token", () => {
  it("tells its claims", () => {
    expect(judge("json-web-token", webToken({ alg: "RS256", kid: "k1" }, claims))).toMatchObject({
      severity: "high",
      proof: "structure",
      facts: {
        algorithm: "RS256",
        keyId: "k1",
        issuer: "https://id.invalid",
        subject: "alice",
        audience: ["api", "web"],
        expires: "2100-01-01T00:00:00.000Z",
      },
    });
  });

  it("is milder when it ran out, and graver when nobody signed it", () => {
    const old = judge("json-web-token", webToken({ alg: "HS256" }, { ...claims, exp: 1500000000 }));
    expect(old).toMatchObject({ severity: "low", facts: { expired: true } });
    const unsigned = judge("json-web-token", webToken({ alg: "none" }, claims, ""));
    expect(unsigned).toMatchObject({ severity: "critical", facts: { unsigned: true } });
    const strange = judge("json-web-token", webToken({ alg: "HS256" }, { ...claims, exp: 1e300 }));
    expect(strange?.facts).not.toHaveProperty("expires");
  });

  it("of a service account tells whose it is", () => {
    expect(
      judge("kubernetes-service-account-token", webToken({ alg: "RS256" }, boundClaims))?.facts,
    ).toMatchObject({
      namespace: "shop",
      pod: "cart-0",
      serviceAccount: "cart",
      node: "node-1",
    });
  });
});

describe("a key", () => {
  it("is one, however it is written", () => {
    const key = pkcs8();
    const twice = JSON.stringify(JSON.stringify(key));
    const spellings = [
      key,
      key.replace(/^/gm, "  "),
      JSON.stringify(key),
      twice,
      key.replaceAll("\n", "\r\n"),
    ];
    const identities = spellings.map((text) => judge("pem-private-key", text)?.identity);
    expect(new Set(identities).size).toBe(1);
    expect(identities[0]).toBe(key.split("\n").slice(1, -2).join(""));
  });

  it("tells its kind, and is milder behind a passphrase or where nobody can read it", () => {
    expect(judge("pem-private-key", pkcs8())).toMatchObject({
      severity: "high",
      proof: "structure",
      facts: { algorithm: "ec", curve: "prime256v1" },
    });
    expect(judge("pem-private-key", rsa())?.facts).toEqual({ algorithm: "rsa", bits: 1024 });
    for (const locked of [pkcs8("passphrase"), rsa("passphrase")]) {
      expect(judge("pem-private-key", locked)).toMatchObject({
        severity: "low",
        facts: { encrypted: true },
      });
    }
    const broken = pkcs8().replace(/\n.{8}/, "\nAAAAAAAA");
    expect(judge("pem-private-key", broken)).toMatchObject({
      severity: "low",
      facts: { readable: false },
    });
  });

  it("of OpenSSH tells whether it is open", () => {
    expect(judge("openssh-private-key", openSsh())).toMatchObject({
      severity: "high",
      facts: { algorithm: "ssh-ed25519", encrypted: false },
    });
    expect(judge("openssh-private-key", openSsh("aes256-ctr"))).toMatchObject({
      severity: "low",
      facts: { encrypted: true, cipher: "aes256-ctr" },
    });
    expect(judge("openssh-private-key", openSsh("none", false))).toMatchObject({
      facts: { readable: false },
    });
  });

  it("in a certificate is public", () => {
    expect(judge("certificate", keyMaterial["certificate"]?.yes[0] as string)).toMatchObject({
      severity: "info",
      facts: { subject: "CN=cryoscope test, O=Invented", algorithm: "ec" },
    });
  });
});

describe("what documentation shows", () => {
  it("is found as an example, and mild", () => {
    const id = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
    const key = ["wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"].join("");
    expect(judge("aws-access-key-id", id)).toMatchObject({
      severity: "low",
      facts: { example: true },
    });
    expect(judge("aws-secret-access-key", `AWS_SECRET_ACCESS_KEY=${key}`)).toMatchObject({
      severity: "low",
      facts: { example: true },
    });
    expect(judge("basic-auth-url", "https://me:s3cr3t@example.com")).toMatchObject({
      severity: "low",
    });
  });
});

describe("an id or a URL", () => {
  it("tells the account behind a key of AWS", () => {
    // An id of Amazon's own documentation of what is in an id.
    expect(judge("aws-access-key-id", ["ASIA", "QNZGKIQY56JQ7WML"].join(""))?.facts).toEqual({
      temporary: true,
      account: "029608264753",
    });
  });

  it("tells where a connection goes, and as whom", () => {
    expect(
      judge("database-url", "POSTGRESQL://app:s3cr3t-pw@db.internal:5432/shop?x")?.facts,
    ).toEqual({
      scheme: "postgresql",
      user: "app",
      host: "db.internal",
      database: "shop",
    });
  });

  it("is milder when it has run out", () => {
    const sas = (end: string): string => `?sv=2022-11-02&sp=r&se=${end}&sig=${base62(43)}%3D`;
    expect(judge("azure-shared-access-signature", sas("2020-01-01"))).toMatchObject({
      severity: "low",
      facts: { expired: true },
    });
    expect(judge("azure-shared-access-signature", sas("2099-01-01"))).toMatchObject({
      severity: "high",
      facts: { permissions: "r", expires: "2099-01-01T00:00:00.000Z" },
    });
  });
});
