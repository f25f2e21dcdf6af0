import { contextDetector } from "../context-detector.ts";
import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byForm } from "../validate/by-form.ts";
import { judgeGrafanaDocument } from "../validate/grafana.ts";
import { judgeSentryToken } from "../validate/sentry.ts";

const token = (form: TokenForm): Detector => tokenDetector("observability", form);
const uuid = "[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}";

export const observability: readonly Detector[] = [
  contextDetector("observability", {
    id: "datadog-key",
    title: "Datadog API or application key",
    names: [
      "dd_api_key",
      "dd_app_key",
      "dd-api-key",
      "dd-application-key",
      "datadog_api_key",
      "datadog_app_key",
    ],
    value: "(?:[a-f0-9]{40}|[a-f0-9]{32})",
    longest: 40,
  }),
  token({
    id: "new-relic-user-key",
    title: "New Relic user or insights key",
    prefixes: ["NRAK-", "NRII-", "NRIQ-"],
    characters: "A-Za-z0-9_-",
    length: [27, 42],
  }),
  {
    id: "new-relic-license-key",
    title: "New Relic license key",
    group: "observability",
    severity: "high",
    keywords: ["nral"],
    expression:
      /(?<![A-Za-z0-9])(?:[a-z]{2}\d{2}x{2})?(?<random>[a-f0-9]{30,36})(?:FFFF)?NRAL(?![A-Za-z0-9])/,
    longest: 50,
    lead: 46,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  {
    id: "sentry-organisation-token",
    title: "Sentry organisation token",
    group: "observability",
    severity: "high",
    keywords: ["sntrys_"],
    expression:
      /(?<![A-Za-z0-9])sntrys_(?<document>eyJ[A-Za-z0-9+/]{20,600}={0,2})_[\w+/-]{43}(?![\w+/-])/,
    longest: 660,
    lead: 0,
    judge: ({ groups: { document = "" } }) => judgeSentryToken(document),
  },
  token({
    id: "sentry-user-token",
    title: "Sentry user or app token",
    prefixes: ["sntryu_", "sntrya_", "sntryi_"],
    characters: "a-f0-9",
    length: 64,
  }),
  {
    id: "sentry-secret-dsn",
    title: "Sentry DSN with its secret half (old form)",
    group: "observability",
    severity: "medium",
    keywords: ["sentry.io/"],
    expression:
      /https:\/\/[a-f0-9]{32}:(?<secret>[a-f0-9]{32})@(?:[\w-]{1,40}\.){0,4}sentry\.io\/\d{1,20}/,
    longest: 300,
    lead: 250,
    judge: ({ secret }) => byForm(secret),
  },
  {
    id: "grafana-service-account-token",
    title: "Grafana service account token",
    group: "observability",
    severity: "high",
    keywords: ["glsa_"],
    expression: /(?<![A-Za-z0-9])glsa_(?<random>[A-Za-z0-9]{32})_[a-f0-9]{8}(?![A-Za-z0-9])/,
    longest: 46,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  token({
    id: "grafana-cloud-token",
    title: "Grafana Cloud access policy token",
    prefixes: ["glc_"],
    characters: "A-Za-z0-9+/=",
    length: [40, 400],
    judge: (document) => judgeGrafanaDocument(document),
  }),
  token({
    id: "grafana-api-key",
    title: "Grafana API key of the first form",
    prefixes: ["eyJrIjoi"],
    characters: "A-Za-z0-9+/=",
    length: [50, 400],
    judge: (document, prefix) => judgeGrafanaDocument(prefix + document),
  }),
  contextDetector("observability", {
    id: "pagerduty-key",
    title: "PagerDuty API or integration key",
    names: [
      "pagerduty_api_key",
      "pagerduty_token",
      "pagerduty_key",
      "pd_api_key",
      "authorization: token token",
      "routing_key",
      "pagerduty_integration_key",
    ],
    value: "(?:[a-f0-9]{32}|[\\w+-]{20})",
    longest: 32,
  }),
  {
    id: "splunk-collector-token",
    title: "Splunk HTTP event collector token",
    group: "observability",
    severity: "high",
    keywords: ["splunk"],
    expression: new RegExp(
      `splunk(?:[\\w.-]{0,16}token[\\\\"'\\s:=>]{1,12}| )(?<secret>${uuid})(?![a-f0-9-])`,
      "i",
    ),
    longest: 76,
    lead: 0,
    judge: ({ secret }) => byForm(secret),
  },
  token({
    id: "dynatrace-token",
    title: "Dynatrace token",
    prefixes: ["dt0c01.", "dt0s01.", "dt0s02.", "dt0s08.", "dt0s16."],
    characters: "A-Z0-9.",
    length: [73, 100],
    judge: (random) => (/^[A-Z0-9]{8,24}\.[A-Z0-9]{64}$/.test(random) ? byForm(random) : undefined),
  }),
  token({
    id: "honeycomb-key",
    title: "Honeycomb ingest or configuration key",
    prefixes: ["hcaik_", "hcbik_", "hcxik_", "hcamk_", "hcxlk_"],
    characters: "a-z0-9",
    length: [52, 70],
  }),
  {
    id: "axiom-token",
    title: "Axiom API or personal token",
    group: "observability",
    severity: "high",
    keywords: ["xaat-", "xapt-"],
    expression: new RegExp(`(?<![A-Za-z0-9])xa[ap]t-(?<random>${uuid})(?![a-f0-9-])`),
    longest: 41,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
];
