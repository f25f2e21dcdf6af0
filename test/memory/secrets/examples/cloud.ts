import { pkcs8 } from "./keys.ts";
import {
  base32,
  base62,
  base64,
  type Examples,
  form,
  hex,
  letters,
  named,
  upper,
  uuid,
} from "./made.ts";

const key = pkcs8();
const oneLine = key.trim().replaceAll("\n", "\\n");
const account = (pem: string): string =>
  `{"type": "service_account", "project_id": "test-1", "private_key_id": "${hex(40)}", "private_key": "${pem}\\n", "client_email": "a@test-1.example"}`;
const signature = (): string => `${encodeURIComponent(base64(32))}`;
const sas = (end: string): string =>
  `?sv=2022-11-02&ss=b&srt=sco&sp=rwdl&se=${end}T00:00:00Z&st=2024-01-01T00:00:00Z&spr=https&sig=${signature()}`;
const entra = (): string => `${base62(3)}8Q~${base62(34)}`;

export const cloud: Record<string, Examples> = {
  "aws-access-key-id": {
    yes: [
      `AKIA${base32(16)}`,
      `export AWS_ACCESS_KEY_ID=ASIA${base32(16)}\n`,
      ["AKIA", "IOSFODNN7", "EXAMPLE"].join(""),
    ],
    no: [
      `AKIA${base32(15)}`,
      `AKIA${"X".repeat(16)}`,
      `XAKIA${base32(16)}`,
      `AKIA${base32(17)}`,
      `akia${base32(16)}`,
    ],
  },
  "aws-secret-access-key": named(
    ["aws_secret_access_key", "secretAccessKey", "aws_secret_key"],
    () => `${base62(39)}/`,
  ),
  "aws-session-token": named(["aws_session_token", "SessionToken", "aws_security_token"], () =>
    base64(300),
  ),
  "gcp-service-account-key": {
    yes: [account(oneLine), JSON.stringify(account(oneLine)), `\n${account(oneLine)}\n`],
    no: [
      '{"type": "service_account", "private_key": ""}',
      account("-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----"),
      account(`-----BEGIN PRIVATE KEY-----\\n${"A".repeat(128)}\\n-----END PRIVATE KEY-----`),
    ],
  },
  "gcp-api-key": form("AIza", base62, 35),
  "google-oauth-client-secret": form("GOCSPX-", base62, 28),
  "google-oauth-access-token": form("ya29.", base62, 40),
  "google-oauth-refresh-token": form("1//0", base62, 40),
  "azure-storage-key": named(["AccountKey", "azure_storage_key"], () => base64(64)),
  "azure-shared-access-key": named("SharedAccessKey", () => base64(32)),
  "azure-shared-access-signature": {
    yes: [
      `https://a.blob.core.windows.net/c${sas("2099-01-01")}`,
      sas("2020-01-01"),
      sas("2099-01-01").replaceAll("&", "&amp;"),
    ],
    no: ["?sv=2022-11-02&ss=b&sig=", `?sv=2022-11-02&sig=${"x".repeat(44)}=`, `sig=${signature()}`],
  },
  "azure-client-secret": {
    yes: [entra(), `"password": "${entra()}"`, `AZURE_CLIENT_SECRET=${entra()}`],
    no: [`abc8Q~${base62(20)}`, `${base62(3)}XQ~${base62(34)}`, `abc8Q~${"x".repeat(34)}`],
  },
  "azure-devops-token": {
    yes: [0, 1, 2].map(() => `${base62(52)}JQQJ99${base62(18)}AZDO${base62(4)}`),
    no: [
      `${base62(52)}JQQJ98${base62(18)}AZDO${base62(4)}`,
      `AZDO${base62(4)}`,
      `${base62(51)}JQQJ99${base62(18)}AZDO${base62(4)}`,
    ],
  },
  "digitalocean-token": form(["dop_v1_", "doo_v1_", "dor_v1_"], hex, 64),
  "heroku-api-key": form("HRKU-", base62, 36),
  "cloudflare-origin-ca-key": {
    yes: [
      `v1.0-${hex(24)}-${hex(146)}`,
      `"v1.0-${hex(24)}-${hex(146)}"`,
      `X=v1.0-${hex(24)}-${hex(146)}\n`,
    ],
    no: [`v1.0-${hex(24)}-${hex(145)}`, "v1.0-rc1", `v1.0-${"0".repeat(24)}-${"0".repeat(146)}`],
  },
  "cloudflare-api-token": named(["cloudflare_api_token", "cf_api_key", "x-auth-key"], () =>
    base62(40),
  ),
  "fly-token": form(["fm2_", "fm1r_", "fm1a_"], base62, 100),
  "vercel-token": named("vercel_token", () => base62(24)),
  "netlify-token": form("nfp_", base62, 36),
  "alibaba-access-key-id": form("LTAI", base62, 16),
  "alibaba-access-key-secret": named(["access_key_secret", "accessKeySecret"], () => base62(30)),
  "tencent-secret-id": form("AKID", base62, 32),
  "yandex-api-key": form("AQVN", base62, 35),
  "ibm-cloud-api-key": named("ibmcloud_api_key", () => base62(44)),
  "scaleway-secret-key": named("scw_secret_key", uuid),
  "hetzner-cloud-token": named("hcloud_token", () => base62(64)),
  "oracle-cloud-auth-token": named(
    "oci_auth_token",
    () => `${letters(6)}]${upper(8)}#${letters(4)}`,
  ),
};
