import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byForm } from "../validate/by-form.ts";

const token = (form: TokenForm): Detector => tokenDetector("payment", form);

export const payment: readonly Detector[] = [
  {
    id: "stripe-secret-key",
    title: "Stripe secret or restricted key",
    group: "payment",
    severity: "high",
    keywords: ["sk_live_", "sk_test_", "rk_live_", "rk_test_"],
    expression: /(?<![A-Za-z0-9])[rs]k_(?<mode>live|test)_(?<random>[A-Za-z0-9]{16,120})(?![\w-])/,
    longest: 128,
    lead: 0,
    judge: ({ groups: { mode = "", random = "" } }) =>
      byForm(random, { mode }, mode === "test" ? "low" : undefined),
  },
  token({
    id: "stripe-webhook-secret",
    title: "Stripe webhook signing secret",
    severity: "medium",
    prefixes: ["whsec_"],
    characters: "A-Za-z0-9+/=",
    length: [32, 80],
  }),
  token({
    id: "square-access-token",
    title: "Square access token or OAuth secret",
    prefixes: ["sq0atp-", "sq0csp-"],
    characters: "\\w-",
    length: [22, 43],
  }),
  {
    id: "square-personal-token",
    title: "Square personal access token",
    group: "payment",
    severity: "high",
    keywords: ["eaaa"],
    expression: /(?<![A-Za-z0-9+/_-])EAAA(?<random>[\w-]{60})(?![\w+/=-])/,
    longest: 64,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random, {}, undefined, 4.4),
  },
  {
    id: "braintree-access-token",
    title: "PayPal Braintree access token",
    group: "payment",
    severity: "high",
    keywords: ["access_token$"],
    expression:
      /access_token\$(?<mode>production|sandbox)\$[a-z0-9]{16}\$(?<random>[a-f0-9]{32})(?![a-f0-9])/,
    longest: 80,
    lead: 0,
    judge: ({ groups: { mode = "", random = "" } }) =>
      byForm(random, { mode }, mode === "sandbox" ? "low" : undefined),
  },
  {
    id: "paypal-client-secret",
    title: "PayPal client secret",
    group: "payment",
    severity: "high",
    keywords: ["paypal"],
    expression: /paypal[\w.-]{0,16}secret[\\"'\s:=>]{1,12}(?<secret>E[\w-]{79})(?![\w-])/i,
    longest: 130,
    lead: 0,
    judge: ({ secret }) => byForm(secret, {}, undefined, 4),
  },
  {
    id: "adyen-api-key",
    title: "Adyen API key",
    group: "payment",
    severity: "high",
    keywords: ["aqe"],
    expression:
      /(?<![\w+/-])AQE[a-z][A-Za-z0-9+/]{20,120}={0,2}-[A-Za-z0-9+/]{20,64}={0,2}-[!#-&(-[\]-~]{10,24}(?![!#-&(-[\]-~])/,
    longest: 230,
    lead: 0,
    judge: ({ secret }) => byForm(secret, {}, undefined, 4.4),
  },
  token({
    id: "shopify-token",
    title: "Shopify access token or shared secret",
    prefixes: ["shpat_", "shpca_", "shppa_", "shpss_"],
    characters: "a-fA-F0-9",
    length: 32,
  }),
  {
    id: "plaid-access-token",
    title: "Plaid access token",
    group: "payment",
    severity: "high",
    keywords: ["access-sandbox-", "access-developme", "access-productio"],
    expression:
      /access-(?<mode>sandbox|development|production)-(?<random>[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12})(?![a-f0-9-])/,
    longest: 60,
    lead: 0,
    judge: ({ groups: { mode = "", random = "" } }) =>
      byForm(random, { mode }, mode === "sandbox" ? "low" : undefined),
  },
  {
    id: "flutterwave-secret-key",
    title: "Flutterwave secret key",
    group: "payment",
    severity: "high",
    keywords: ["flwseck"],
    expression: /(?<![A-Za-z0-9])FLWSECK(?:_TEST)?-(?<random>[a-zA-Z0-9]{32,60})-X(?![\w-])/,
    longest: 76,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  {
    id: "razorpay-key",
    title: "Razorpay key id",
    group: "payment",
    severity: "medium",
    keywords: ["rzp_live_", "rzp_test_"],
    expression: /(?<![A-Za-z0-9])rzp_(?<mode>live|test)_(?<random>[A-Za-z0-9]{14})(?![\w-])/,
    longest: 23,
    lead: 0,
    judge: ({ groups: { mode = "", random = "" } }) =>
      byForm(random, { mode }, mode === "test" ? "low" : undefined),
  },
];
