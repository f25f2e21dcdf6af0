import { Buffer } from "node:buffer";
import { base62, base64, type Examples, form, hex, lower, randomBytes } from "./made.ts";
import { checkedForm } from "./source-hosting.ts";

/** A macaroon of format 2, field by field. */
function macaroon(location: string, caveats: readonly string[], signature = 32): string {
  const field = (type: number, content: Uint8Array | string): Buffer => {
    const bytes = Buffer.from(content);
    return Buffer.concat([Buffer.from([type, bytes.length]), bytes]);
  };
  const bytes = Buffer.concat([
    Buffer.from([2]),
    field(1, location),
    field(2, randomBytes(36)),
    Buffer.from([0]),
    ...caveats.flatMap((caveat) => [field(2, caveat), Buffer.from([0])]),
    Buffer.from([0]),
    field(6, randomBytes(signature)),
  ]);
  return `pypi-${bytes.toString("base64url")}`;
}

const login = (text: string): string => Buffer.from(text).toString("base64");
const auths = (text: string): string => `{"auths":{"quay.io":{"auth":"${login(text)}"}}}`;
const reference = (expiry: number): string =>
  login(`reftkn:01:${expiry}:${base62(28)}`).replaceAll("=", "");

export const registry: Record<string, Examples> = {
  "npm-access-token": checkedForm("npm_"),
  "pypi-api-token": {
    yes: [
      macaroon("pypi.org", ["[1]"]),
      `password = ${macaroon("test.pypi.org", [])}\n`,
      macaroon("pypi.org", ['{"v":1}', "[2]"]),
    ],
    no: [
      macaroon("pypi.org", [], 31).replace("AgE", "BgE"),
      `pypi-${"x".repeat(90)}`,
      "pypi-AgEIcHlwaS5vcmc",
    ],
  },
  "rubygems-api-key": form("rubygems_", hex, 48),
  "crates-io-token": form("cio", base62, 32),
  "nuget-api-key": form("oy2", lower, 43),
  "docker-hub-token": form(["dckr_pat_", "dckr_oat_"], base62, 27),
  "docker-registry-auth": {
    yes: [
      auths("user:s3cr3t-pass"),
      JSON.stringify(auths("robot:aBc123xyz")),
      `"auth": "${login(`AWS:${base62(40)}`)}"`,
    ],
    no: [
      '"auth": "basicauthentication"',
      auths("user:"),
      auths("username:password"),
      auths("no colon"),
    ],
  },
  "docker-identity-token": {
    yes: [
      `"identitytoken": "${base62(60)}"`,
      `{\\"identitytoken\\":\\"${base64(30)}\\"}`,
      `"identitytoken" : "${base62(200)}"`,
    ],
    no: ['"identitytoken": ""', `"identitytoken": "${"x".repeat(40)}"`, "identitytoken"],
  },
  "artifactory-api-key": form("AKCp", base62, 69),
  "artifactory-reference-token": {
    yes: [reference(4102444800), reference(1500000000), `X=${reference(0)}`],
    no: [login(`reftkx:01:1:${base62(28)}`), "cmVmdGtuOj", `cmVmdGtuOj${"x".repeat(50)}`],
  },
  "packagist-token": form(["packagist_ort_", "packagist_uut_"], hex, 68),
  "clojars-token": form("CLOJARS_", lower, 60),
  "quay-robot-token": {
    yes: [
      `$oauthtoken:${base62(40)}`,
      `docker login -u=$app:${base62(64)}`,
      `"$oauthtoken:${base62(40)}"`,
    ],
    no: ["$oauthtoken:$TOKEN", `$oauthtoken:${"x".repeat(40)}`, "$app: nothing"],
  },
};
