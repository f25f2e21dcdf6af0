import { base62, base64, type Examples, form, hex, letters, lower, upper, uuid } from "./made.ts";

const braintree = (mode: string): string => `access_token$${mode}$${lower(16)}$${hex(32)}`;
const paypal = (): string => `E${base62(79)}`;
const adyen = (): string =>
  `AQEq${base62(60)}-${base64(32).replaceAll("/", "a")}-${letters(8)}%${upper(5)}`;

export const payment: Record<string, Examples> = {
  "stripe-secret-key": form(["sk_live_", "sk_test_", "rk_live_", "rk_test_"], base62, 16),
  "stripe-webhook-secret": form("whsec_", base62, 32),
  "square-access-token": form(["sq0atp-", "sq0csp-"], base62, 22),
  "square-personal-token": form("EAAA", base62, 60),
  "braintree-access-token": {
    yes: [braintree("production"), braintree("sandbox"), `T=${braintree("production")}\n`],
    no: [
      "access_token$",
      `access_token$production$${lower(16)}$${"0".repeat(32)}`,
      braintree("other"),
    ],
  },
  "paypal-client-secret": {
    yes: [
      `PAYPAL_CLIENT_SECRET=${paypal()}`,
      `"paypal_secret": "${paypal()}"`,
      `paypal.client.secret: ${paypal()}\n`,
    ],
    no: [`PAYPAL_CLIENT_ID=${paypal()}`, "paypal secret", `PAYPAL_SECRET=E${"x".repeat(79)}`],
  },
  "adyen-api-key": {
    yes: [adyen(), `"${adyen()}"`, `ADYEN=${adyen()}\n`],
    no: ["MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", `AQEq${base62(60)}`, "AQE-"],
  },
  "shopify-token": form(["shpat_", "shpca_", "shppa_", "shpss_"], hex, 32),
  "plaid-access-token": {
    yes: ["sandbox", "development", "production"].map((mode) => `access-${mode}-${uuid()}`),
    no: [
      "access-sandbox-",
      `access-other-${uuid()}`,
      "access-production-00000000-0000-0000-0000-000000000000",
    ],
  },
  "flutterwave-secret-key": {
    yes: [`FLWSECK-${hex(32)}-X`, `FLWSECK_TEST-${hex(32)}-X`, `"FLWSECK-${hex(32)}-X"`],
    no: ["FLWSECK", `FLWSECK-${hex(31)}-X`, `FLWSECK-${"x".repeat(32)}-X`],
  },
  "razorpay-key": form(["rzp_live_", "rzp_test_"], base62, 14),
};
