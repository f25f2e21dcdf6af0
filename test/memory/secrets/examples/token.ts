import { Buffer } from "node:buffer";
import { base32, base62, base64, type Examples } from "./made.ts";

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
/** A web token with a signature of chance. */
export const webToken = (header: object, claims: object, signature = base62(43)): string =>
  `${part(header)}.${part(claims)}.${signature}`;
const later = 4102444800;
export const claims = { iss: "https://id.invalid", sub: "alice", aud: ["api", "web"], exp: later };
export const boundClaims = {
  iss: "https://kubernetes.default.svc",
  sub: "system:serviceaccount:shop:cart",
  exp: later,
  "kubernetes.io": {
    namespace: "shop",
    node: { name: "node-1", uid: "1" },
    pod: { name: "cart-0", uid: "2" },
    serviceaccount: { name: "cart", uid: "3" },
  },
};
const flatClaims = {
  iss: "kubernetes/serviceaccount",
  "kubernetes.io/serviceaccount/namespace": "shop",
  "kubernetes.io/serviceaccount/service-account.name": "cart",
  "kubernetes.io/serviceaccount/secret.name": "cart-token-x",
};
const plain = (): string => webToken({ alg: "HS256", typ: "JWT" }, claims);
const basic = (text: string): string => Buffer.from(text).toString("base64");

export const token: Record<string, Examples> = {
  "kubernetes-service-account-token": {
    yes: [
      webToken({ alg: "RS256", kid: "a" }, boundClaims),
      `token: ${webToken({ alg: "RS256", kid: "a" }, flatClaims)}\n`,
      `Authorization: Bearer ${webToken({ kid: "a", alg: "RS256" }, boundClaims)}`,
    ],
    no: [plain(), webToken({ alg: "RS256" }, { "kubernetes.io": "no" }), "eyJhbGciOiJSUzI1NiJ9"],
  },
  "json-web-token": {
    yes: [
      plain(),
      `Cookie: session=${plain()}; a=b`,
      `{\\"id_token\\":\\"${plain()}\\"}`,
      webToken({ typ: "JWT", alg: "RS256" }, claims, base62(342)),
      webToken({ alg: "none" }, claims, ""),
    ],
    no: [
      webToken({ typ: "JWT", kid: "no algorithm here" }, claims),
      `${part({ alg: "HS256" })}.eyJ${"x".repeat(40)}.${base62(43)}`,
      `${part({ alg: "HS256", typ: "JWT" })}.${base62(40)}`,
      webToken({ alg: "RS256" }, boundClaims),
    ],
  },
  "basic-auth-url": {
    yes: [
      "https://deploy:aB3dE5fG7h@git.internal/repo.git",
      "http_proxy=http://proxy:pr0xy-pass@10.0.0.1:3128",
      '"ftp://me:x1y2z3w4@files.internal"',
      "https://me:s3cr3t@example.com",
    ],
    no: [
      "https://example.com/a:b@c",
      "https://user:password@host",
      "http://foo:bar@host/",
      "http://user:$PASSWORD@proxy",
      "https://[user[:password]@]host",
      "https://a/b:8080/c@d",
    ],
  },
  "http-basic-authorization": {
    yes: [
      `Authorization: Basic ${basic("alice:s3cr3t-pw")}\r\n`,
      `"authorization": "Basic ${basic("bob:aB3dE5fG")}"`,
      `-H Authorization: basic ${basic("svc:x1y2z3w4")}`,
    ],
    no: [
      "basic configuration",
      `Basic ${basic("no colon in here")}`,
      `Basic ${basic("user:password")}`,
      "Visual Basic language",
    ],
  },
  "http-bearer-token": {
    yes: [
      `Authorization: Bearer ${base62(40)}\r\n`,
      `"Authorization": "Bearer ${base64(45)}"`,
      `bearer ${base62(64)}\n`,
    ],
    no: [
      "bearer token authentication",
      "Bearer <token>",
      `Bearer ${"x".repeat(40)}`,
      "bearer_methods_supported",
      "bearer /var/run/secrets/kubernetes.io/serviceaccount",
    ],
  },
  "oauth-refresh-token": {
    yes: [
      `"refresh_token":"${base62(40)}"`,
      `refresh_token=${base62(64)}&grant`,
      `refreshToken: '${base62(40)}'`,
      `\\"refresh_token\\": \\"${base62(50)}\\"`,
    ],
    no: [
      "refresh_token=refresh_token_value_goes",
      `refresh_token: ${"x".repeat(40)}`,
      "refreshToken: this.props.account.refreshToken",
      "grant_type=refresh_token",
    ],
  },
  "one-time-password-secret": {
    yes: [
      `otpauth://totp/Acme:alice@acme.invalid?secret=${base32(32)}&issuer=Acme`,
      `otpauth://hotp/a?issuer=Acme&secret=${base32(16)}`,
      `"otpauth://totp/Acme?secret=${base32(26)}"`,
    ],
    no: [
      "otpauth://totp/",
      `otpauth://totp/a?secret=${"A".repeat(32)}`,
      "otpauth://totp/a?secret=SECRET",
    ],
  },
};
