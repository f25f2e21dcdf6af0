import type { Detector } from "../detector.ts";
import { byForm } from "../validate/by-form.ts";

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
];
