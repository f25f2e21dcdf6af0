import type { Candidate, Detector, Judgement } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { plainFacts } from "../validate/json-object.ts";
import { judgePemKey } from "../validate/pem.ts";

const token = (form: TokenForm): Detector => tokenDetector("cloud", form);

export const google: readonly Detector[] = [
  {
    id: "gcp-service-account-key",
    title: "Google Cloud service account key (JSON)",
    group: "cloud",
    severity: "high",
    keywords: ['service_account"', "service_account\\"],
    expression:
      /service_account\\{0,3}"[^{}]{0,600}?(?<secret>-----BEGIN PRIVATE KEY-----(?<body>[\w+/=\s\\]{64,6000}?)-----END PRIVATE KEY-----)(?<rest>[^{}]{0,1500})/,
    longest: 8300,
    lead: 0,
    judge: judgeServiceAccount,
  },
  token({
    id: "gcp-api-key",
    title: "Google API key",
    prefixes: ["AIza"],
    characters: "\\w-",
    length: 35,
  }),
  token({
    id: "google-oauth-client-secret",
    title: "Google OAuth client secret",
    prefixes: ["GOCSPX-"],
    characters: "\\w-",
    length: 28,
  }),
  token({
    id: "google-oauth-access-token",
    title: "Google OAuth access token, good for an hour",
    severity: "medium",
    prefixes: ["ya29."],
    characters: "\\w.-",
    length: [40, 2000],
  }),
  token({
    id: "google-oauth-refresh-token",
    title: "Google OAuth refresh token",
    prefixes: ["1//0"],
    characters: "\\w-",
    length: [40, 110],
  }),
];

function judgeServiceAccount({ match, groups }: Candidate): Judgement | undefined {
  const judged = judgePemKey("", groups["body"] ?? "");
  const field = (name: string): string | undefined =>
    new RegExp(`${name}\\\\{0,3}"\\s{0,9}:\\s{0,9}\\\\{0,3}"([^"\\\\]{1,200})`).exec(match)?.[1];
  return (
    judged && {
      ...judged,
      facts: {
        ...judged.facts,
        ...plainFacts({
          project: field("project_id"),
          account: field("client_email"),
          keyId: field("private_key_id"),
        }),
      },
    }
  );
}
