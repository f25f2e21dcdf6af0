import { contextDetector } from "../context-detector.ts";
import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byForm } from "../validate/by-form.ts";
import { mayBePassword } from "../validate/password.ts";
import { aws } from "./cloud-aws.ts";
import { azure } from "./cloud-azure.ts";
import { google } from "./cloud-google.ts";

const token = (form: TokenForm): Detector => tokenDetector("cloud", form);
const hex = "a-f0-9";

export const cloud: readonly Detector[] = [
  ...aws,
  ...google,
  ...azure,
  token({
    id: "digitalocean-token",
    title: "DigitalOcean personal, OAuth or refresh token",
    prefixes: ["dop_v1_", "doo_v1_", "dor_v1_"],
    characters: hex,
    length: 64,
  }),
  token({
    id: "heroku-api-key",
    title: "Heroku API key",
    prefixes: ["HRKU-"],
    characters: "\\w-",
    length: [36, 70],
  }),
  {
    id: "cloudflare-origin-ca-key",
    title: "Cloudflare Origin CA key",
    group: "cloud",
    severity: "high",
    keywords: ["v1.0-"],
    expression: /(?<![\w.])v1\.0-[a-f0-9]{24}-[a-f0-9]{146}(?![a-f0-9])/,
    longest: 176,
    lead: 0,
    judge: ({ secret }) => byForm(secret),
  },
  contextDetector("cloud", {
    id: "cloudflare-api-token",
    title: "Cloudflare API token or global key",
    names: [
      "cloudflare_api_token",
      "cloudflare_api_key",
      "cf_api_token",
      "cf_api_key",
      "x-auth-key",
    ],
    value: "(?:[\\w-]{40}|[a-f0-9]{37})",
    longest: 40,
  }),
  {
    id: "fly-token",
    title: "Fly.io token",
    group: "cloud",
    severity: "high",
    keywords: ["fm1_", "fm1a_", "fm1r_", "fm2_"],
    expression:
      /(?<![A-Za-z0-9])fm(?:1[ar]?|2)_(?=(?<random>[\w+/-]{100,3000}={0,3}))\k<random>(?![\w+/-])/,
    longest: 3010,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random, {}, undefined, 4),
  },
  contextDetector("cloud", {
    id: "vercel-token",
    title: "Vercel access token",
    names: ["vercel_token", "vercel_access_token", "vercel_api_token"],
    value: "[A-Za-z0-9]{24}",
    longest: 24,
  }),
  token({
    id: "netlify-token",
    title: "Netlify personal access token",
    prefixes: ["nfp_"],
    characters: "A-Za-z0-9",
    length: 36,
  }),
  token({
    id: "alibaba-access-key-id",
    title: "Alibaba Cloud access key id",
    severity: "medium",
    prefixes: ["LTAI"],
    characters: "A-Za-z0-9",
    length: [16, 20],
    judge: (random) => (/\d/.test(random) && /[a-z]/i.test(random) ? byForm(random) : undefined),
  }),
  contextDetector("cloud", {
    id: "alibaba-access-key-secret",
    title: "Alibaba Cloud access key secret",
    names: ["access_key_secret", "accesskeysecret", "access-key-secret"],
    value: "[A-Za-z0-9]{30}",
    longest: 30,
  }),
  token({
    id: "tencent-secret-id",
    title: "Tencent Cloud secret id",
    severity: "medium",
    prefixes: ["AKID"],
    characters: "A-Za-z0-9",
    length: 32,
  }),
  token({
    id: "yandex-api-key",
    title: "Yandex Cloud API key",
    prefixes: ["AQVN"],
    characters: "\\w-",
    length: [35, 38],
  }),
  contextDetector("cloud", {
    id: "ibm-cloud-api-key",
    title: "IBM Cloud API key",
    names: ["ibmcloud_api_key", "ibm_cloud_api_key", "bluemix_api_key"],
    value: "[\\w-]{44}",
    longest: 44,
  }),
  contextDetector("cloud", {
    id: "scaleway-secret-key",
    title: "Scaleway secret key",
    names: ["scw_secret_key", "scaleway_secret_key"],
    value: "[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}",
    longest: 36,
  }),
  contextDetector("cloud", {
    id: "hetzner-cloud-token",
    title: "Hetzner Cloud token",
    names: ["hcloud_token", "hetzner_api_token", "hetzner_token"],
    value: "[A-Za-z0-9]{64}",
    longest: 64,
  }),
  contextDetector("cloud", {
    id: "oracle-cloud-auth-token",
    title: "Oracle Cloud auth token or customer secret key",
    names: ["oci_auth_token", "oci_customer_secret_key", "oracle_auth_token", "ocir_password"],
    value: "[!-&(-\\[\\]-~]{16,64}",
    longest: 64,
    judge: ({ secret }) => (mayBePassword(secret) ? byForm(secret) : undefined),
  }),
];
