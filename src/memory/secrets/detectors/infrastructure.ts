import { contextDetector } from "../context-detector.ts";
import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byForm } from "../validate/by-form.ts";
import { judgeClientKey } from "../validate/kubeconfig.ts";
import { judgeOnePasswordToken } from "../validate/one-password.ts";

const group = "infrastructure";
const token = (form: TokenForm): Detector => tokenDetector(group, form);
const base62 = "A-Za-z0-9";
const hex = "a-f0-9";
const uuid = "[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}";

export const infrastructure: readonly Detector[] = [
  {
    id: "terraform-cloud-token",
    title: "HCP Terraform or Terraform Enterprise token",
    group,
    severity: "high",
    keywords: [".atlasv1."],
    expression: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.(?<random>[\w-]{60,70})(?![\w-])/,
    longest: 93,
    lead: 14,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  token({
    id: "vault-token",
    title: "HashiCorp Vault service, batch or recovery token",
    prefixes: ["hvs.", "hvb.", "hvr."],
    characters: "\\w-",
    length: [24, 300],
    judge: (random) => byForm(random, {}, undefined, 3.4),
  }),
  contextDetector(group, {
    id: "vault-legacy-token",
    title: "HashiCorp Vault token of the first form",
    names: ["vault_token", "x-vault-token", "client_token"],
    value: "[sbr]\\.[A-Za-z0-9]{24}",
    longest: 26,
    bits: 3.4,
  }),
  contextDetector(group, {
    id: "consul-nomad-token",
    title: "Consul or Nomad access token",
    names: ["consul_http_token", "x-consul-token", "nomad_token", "x-nomad-token"],
    value: uuid,
    longest: 36,
  }),
  token({
    id: "pulumi-token",
    title: "Pulumi access token",
    prefixes: ["pul-"],
    characters: hex,
    length: 40,
  }),
  {
    id: "doppler-token",
    title: "Doppler token",
    group,
    severity: "high",
    keywords: ["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."],
    expression:
      /(?<![\w.])dp\.(?:pt|ct|sa|scim|audit|st(?:\.[a-z0-9_-]{2,35})?)\.(?<random>[A-Za-z0-9]{40,44})(?![A-Za-z0-9])/,
    longest: 92,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  {
    id: "1password-service-account-token",
    title: "1Password service account token",
    group,
    severity: "high",
    keywords: ["ops_eyj"],
    expression: /(?<![A-Za-z0-9])ops_(?<document>eyJ[A-Za-z0-9+/]{200,2000}={0,3})/,
    longest: 2010,
    lead: 0,
    judge: ({ groups: { document = "" } }) => judgeOnePasswordToken(document),
  },
  {
    id: "1password-secret-key",
    title: "1Password secret key",
    group,
    severity: "high",
    keywords: ["a3-"],
    expression:
      /(?<![\w-])A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}(?![\w-])/,
    longest: 40,
    lead: 0,
    judge: ({ secret }) => byForm(secret.slice(3)),
  },
  token({
    id: "tailscale-key",
    title: "Tailscale auth, API or OAuth key",
    prefixes: ["tskey-auth-", "tskey-api-", "tskey-client-", "tskey-scim-", "tskey-webhook-"],
    characters: "A-Za-z0-9-",
    length: [20, 80],
  }),
  contextDetector(group, {
    id: "ngrok-token",
    title: "ngrok authtoken or API key",
    names: ["ngrok_authtoken", "ngrok_api_key", "authtoken"],
    value: "[12][A-Za-z0-9]{26}_[A-Za-z0-9]{19,22}",
    longest: 49,
  }),
  token({
    id: "docker-swarm-token",
    title: "Docker Swarm join or unlock token",
    prefixes: ["SWMTKN-1-", "SWMKEY-1-"],
    characters: "A-Za-z0-9+/-",
    length: [43, 80],
  }),
  {
    id: "kubernetes-bootstrap-token",
    title: "Kubernetes bootstrap token",
    group,
    severity: "high",
    keywords: ["token"],
    expression:
      /token\\{0,3}["']?\s{0,3}[:= ]\s{0,3}\\{0,3}["']?(?<secret>[a-z0-9]{6}\.[a-z0-9]{16})(?![\w.-])/,
    longest: 50,
    lead: 0,
    judge: ({ secret }) =>
      secret === "abcdef.0123456789abcdef"
        ? { proof: "form", facts: { example: true }, severity: "low" }
        : /\d/.test(secret.slice(7))
          ? byForm(secret)
          : undefined,
  },
  {
    id: "kubeconfig-client-key",
    title: "Client key in a kubeconfig",
    group,
    severity: "high",
    keywords: ["client-key-data"],
    expression:
      /client-key-data\\{0,3}"?\s{0,3}:\s{0,4}\\{0,3}"?(?<secret>[A-Za-z0-9+/]{100,12000}={0,2})/,
    longest: 12040,
    lead: 0,
    judge: ({ secret }) => judgeClientKey(secret),
  },
  {
    id: "k3s-join-token",
    title: "K3s or RKE2 join token",
    group,
    severity: "high",
    keywords: ["::server:", "::node:"],
    expression: /(?<![A-Za-z0-9])K10[a-f0-9]{64}::(?:server|node):(?<secret>[\w.-]{12,120})/,
    longest: 197,
    lead: 67,
    judge: ({ secret }) => byForm(secret),
  },
  {
    id: "rancher-token",
    title: "Rancher API token",
    group,
    severity: "high",
    keywords: ["token-", "kubeconfig-u-", "kubeconfig-user-"],
    expression:
      /(?<![\w-])(?:token|kubeconfig-u(?:ser)?)-[a-z0-9]{5,16}:(?<secret>[a-z0-9]{54})(?![a-z0-9])/,
    longest: 88,
    lead: 0,
    judge: ({ secret }) => byForm(secret),
  },
  {
    id: "okta-api-token",
    title: "Okta API token in a header",
    group,
    severity: "high",
    keywords: ["ssws 00"],
    expression: /SSWS (?<secret>00[\w-]{40})(?![\w-])/,
    longest: 47,
    lead: 0,
    judge: ({ secret }) => byForm(secret),
  },
  contextDetector(group, {
    id: "snyk-token",
    title: "Snyk API token",
    names: ["snyk_token", "snyk_api_token"],
    value: uuid,
    longest: 36,
  }),
  token({
    id: "sonar-token",
    title: "SonarQube or SonarCloud token",
    prefixes: ["squ_", "sqp_", "sqa_"],
    characters: hex,
    length: 40,
  }),
  token({
    id: "postman-api-key",
    title: "Postman API key",
    prefixes: ["PMAK-"],
    characters: "a-f0-9-",
    length: 59,
  }),
  {
    id: "mapbox-secret-token",
    title: "Mapbox secret token",
    group,
    severity: "high",
    keywords: ["sk.eyj1"],
    expression: /(?<![\w.])sk\.eyJ1[\w-]{30,200}\.(?<random>[\w-]{22})(?![\w-])/,
    longest: 230,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  token({
    id: "prefect-api-key",
    title: "Prefect API key",
    prefixes: ["pnu_", "pnb_"],
    characters: base62,
    length: 36,
  }),
];
