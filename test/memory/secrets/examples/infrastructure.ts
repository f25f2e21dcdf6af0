import { Buffer } from "node:buffer";
import { pkcs8 } from "./keys.ts";
import { base62, type Examples, form, hex, lower, named, upper, uuid } from "./made.ts";

const bootstrap = (): string => `${lower(6)}.${lower(8)}7${lower(7)}`;
const clientKey = (): string => Buffer.from(pkcs8()).toString("base64");
const onePassword = (document: object): string =>
  `ops_${Buffer.from(JSON.stringify(document)).toString("base64")}`;
const account = {
  signInAddress: "acme.1password.invalid",
  email: "svc@1passwordserviceaccounts.invalid",
  secretKey: `A3-${upper(6)}`,
  muk: { k: base62(43), kty: "oct", alg: "A256GCM", ext: true },
};
const secretKey = (): string =>
  `A3-${upper(6)}-${upper(6)}-${[5, 5, 5, 5].map((length) => upper(length)).join("-")}`;

export const infrastructure: Record<string, Examples> = {
  "terraform-cloud-token": {
    yes: [0, 1, 2].map(() => `${base62(14)}.atlasv1.${base62(67)}`),
    no: [
      ".atlasv1.",
      `${base62(13)}.atlasv1.${base62(67)}`,
      `${base62(14)}.atlasv1.${"x".repeat(67)}`,
    ],
  },
  "vault-token": form(["hvs.", "hvb.", "hvr."], base62, 24),
  "vault-legacy-token": named(["vault_token", "X-Vault-Token"], () => `s.${base62(24)}`),
  "consul-nomad-token": named(["consul_http_token", "X-Nomad-Token"], uuid),
  "pulumi-token": form("pul-", hex, 40),
  "doppler-token": {
    yes: ["dp.pt.", "dp.st.", "dp.st.dev.", "dp.scim."].map((head) => head + base62(43)),
    no: ["dp.pt.", `dp.xx.${base62(43)}`, `dp.pt.${"x".repeat(43)}`],
  },
  "1password-service-account-token": {
    yes: [onePassword(account), `OP_TOKEN=${onePassword(account)}\n`, `"${onePassword(account)}"`],
    no: [
      onePassword({ ...account, secretKey: undefined, muk: undefined, other: base62(200) }),
      "ops_eyJ",
      `ops_eyJ${base62(300)}`,
    ],
  },
  "1password-secret-key": {
    yes: [secretKey(), `"${secretKey()}"`, `key: ${secretKey()}\n`],
    no: ["A3-size", `B3${secretKey()}`, "A3-XXXXXX-XXXXXX-XXXXX-XXXXX-XXXXX-XXXXX"],
  },
  "tailscale-key": {
    yes: ["auth", "api", "client"].map((kind) => `tskey-${kind}-k${base62(10)}CNTRL-${base62(32)}`),
    no: ["tskey-auth-", `tskey-auth-${"x".repeat(40)}`, `tskey-other-${base62(40)}`],
  },
  "ngrok-token": named(["ngrok_authtoken", "authtoken"], () => `2${base62(26)}_${base62(21)}`),
  "docker-swarm-token": {
    yes: [
      `SWMTKN-1-${lower(50)}-${lower(25)}`,
      `--token SWMTKN-1-${lower(50)}-${lower(25)} a`,
      `SWMKEY-1-${base62(43)}`,
    ],
    no: ["SWMTKN-1-", `SWMTKN-1-${"x".repeat(76)}`, `ZSWMTKN-1-${lower(50)}-${lower(25)}`],
  },
  "kubernetes-bootstrap-token": {
    yes: [
      `kubeadm join a:6443 --token ${bootstrap()} --discovery`,
      `token: ${bootstrap()}\n`,
      `"token": "${bootstrap()}"`,
      "token: abcdef.0123456789abcdef",
    ],
    no: [
      "token: default.configuration",
      `token: ${lower(5)}.${lower(16)}`,
      `id: ${bootstrap()}`,
      "token.lowercase.separators",
    ],
  },
  "kubeconfig-client-key": {
    yes: [
      `    client-key-data: ${clientKey()}\n`,
      `"client-key-data":"${clientKey()}"`,
      `\\"client-key-data\\":\\"${clientKey()}\\"`,
    ],
    no: [
      "client-key-data: REDACTED",
      `client-key-data: ${base62(200)}`,
      `client-certificate-data: ${clientKey()}`,
    ],
  },
  "k3s-join-token": {
    yes: [
      `K10${hex(64)}::server:${hex(32)}`,
      `K3S_TOKEN=K10${hex(64)}::node:${hex(32)}\n`,
      `"K10${hex(64)}::server:${hex(32)}"`,
    ],
    no: [
      "a::server:b",
      `K10${hex(63)}::server:${hex(32)}`,
      `K10${hex(64)}::server:${"x".repeat(20)}`,
    ],
  },
  "rancher-token": {
    yes: [
      `token-${lower(5)}:${lower(54)}`,
      `Bearer kubeconfig-u-${lower(5)}:${lower(54)}`,
      `"token-${lower(5)}:${lower(54)}"`,
    ],
    no: [
      "token-type: bearer",
      `token-${lower(5)}:${lower(53)}`,
      `token-${lower(5)}:${"x".repeat(54)}`,
    ],
  },
  "okta-api-token": {
    yes: [
      `Authorization: SSWS 00${base62(40)}`,
      `"SSWS 00${base62(40)}"`,
      `X=SSWS 00${base62(40)}\n`,
    ],
    no: ["SSWS 00", `SSWS 00${"x".repeat(40)}`, `SSWS 01${base62(40)}`],
  },
  "snyk-token": named("snyk_token", uuid),
  "sonar-token": form(["squ_", "sqp_", "sqa_"], hex, 40),
  "postman-api-key": form(`PMAK-${hex(24)}-`, hex, 34),
  "mapbox-secret-token": {
    yes: [0, 1, 2].map(() => `sk.eyJ1${base62(50)}.${base62(22)}`),
    no: [`pk.eyJ1${base62(50)}.${base62(22)}`, "sk.eyJ1", `sk.eyJ1${base62(50)}.${"x".repeat(22)}`],
  },
  "prefect-api-key": form(["pnu_", "pnb_"], base62, 36),
};
