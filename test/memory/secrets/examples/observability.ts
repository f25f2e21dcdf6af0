import { Buffer } from "node:buffer";
import { base62, type Examples, form, hex, lower, named, upper, uuid } from "./made.ts";

const document = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");
const sentry = (): string =>
  `sntrys_${document({ iat: 1, url: "https://sentry.io", region_url: "https://de.sentry.io", org: "acme" })}_${base62(43)}`;
const cloudKey = (): string =>
  `glc_${document({ o: "1234", n: "stack-1-writer", k: base62(24), m: { r: "eu" } })}`;
const firstKey = (): string => document({ k: base62(32), n: "writer", id: 1 });
const sa = (): string => `glsa_${base62(32)}_${hex(8)}`;

export const observability: Record<string, Examples> = {
  "datadog-key": named(["dd_api_key", "dd-application-key", "datadog_app_key"], () => hex(32)),
  "new-relic-user-key": form(["NRAK-", "NRII-", "NRIQ-"], upper, 27),
  "new-relic-license-key": {
    yes: [`${hex(36)}NRAL`, `NEW_RELIC=${hex(36)}NRAL\n`, `eu01xx${hex(30)}NRAL`],
    no: ["CENTRAL", `${hex(20)}NRAL`, `${"0".repeat(36)}NRAL`],
  },
  "sentry-organisation-token": {
    yes: [sentry(), `"${sentry()}"`, `SENTRY_AUTH_TOKEN=${sentry()}\n`],
    no: ["sntrys_", `sntrys_eyJ${"x".repeat(60)}_${base62(43)}`, sentry().slice(0, -1)],
  },
  "sentry-user-token": form(["sntryu_", "sntrya_", "sntryi_"], hex, 64),
  "sentry-secret-dsn": {
    yes: ["sentry.io/1", "o1.ingest.sentry.io/42", "o9.ingest.de.sentry.io/7"].map(
      (host) => `https://${hex(32)}:${hex(32)}@${host}`,
    ),
    no: [
      `https://${hex(32)}@o1.ingest.sentry.io/42`,
      "https://sentry.io/welcome",
      `https://${hex(32)}:${"0".repeat(32)}@sentry.io/1`,
    ],
  },
  "grafana-service-account-token": {
    yes: [sa(), `Bearer ${sa()}`, `"${sa()}"`],
    no: [`glsa_${base62(32)}`, `glsa_${"x".repeat(32)}_${hex(8)}`, `Z${sa()}`],
  },
  "grafana-cloud-token": {
    yes: [cloudKey(), `"${cloudKey()}"`, `K=${cloudKey()}\n`],
    no: [`glc_${document({ o: "1234", n: "stack", x: base62(30) })}`, `glc_${base62(80)}`, "glc_"],
  },
  "grafana-api-key": {
    yes: [firstKey(), `Authorization: Bearer ${firstKey()}`, `"${firstKey()}"`],
    no: [document({ k: base62(32), x: "writer", id: 1 }), "eyJrIjoi", `eyJrIjoi${"x".repeat(60)}`],
  },
  "pagerduty-key": named(["pagerduty_api_key", "routing_key"], () => hex(32)),
  "splunk-collector-token": {
    yes: [
      `Authorization: Splunk ${uuid()}`,
      `SPLUNK_HEC_TOKEN=${uuid()}`,
      `"splunk-token": "${uuid()}"`,
    ],
    no: ["Splunk 9.1.2", `SPLUNK_INDEX=${uuid()}`, "Splunk 00000000-0000-0000-0000-000000000000"],
  },
  "dynatrace-token": form(`dt0c01.${upper(24)}.`, upper, 64),
  "honeycomb-key": form(["hcaik_", "hcbik_", "hcxik_"], lower, 52),
  "axiom-token": {
    yes: [`xaat-${uuid()}`, `"xapt-${uuid()}"`, `AXIOM=xaat-${uuid()}\n`],
    no: ["xaat-", `xaat-${hex(32)}`, "xaat-00000000-0000-0000-0000-000000000000"],
  },
};
