import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { awsAccount } from "../validate/aws-key-id.ts";
import { byForm } from "../validate/by-form.ts";

const token = (form: TokenForm): Detector => tokenDetector("cloud", form);

export const cloud: readonly Detector[] = [
  token({
    id: "aws-access-key-id",
    title: "AWS access key id",
    severity: "medium",
    prefixes: ["AKIA", "ASIA"],
    characters: "A-Z2-7",
    length: 16,
    judge: (random, prefix) => {
      const account = awsAccount(prefix + random);
      return byForm(random, {
        temporary: prefix === "ASIA",
        ...(account !== undefined && { account }),
      });
    },
  }),
  {
    id: "aws-secret-access-key",
    title: "AWS secret access key",
    group: "cloud",
    severity: "high",
    keywords: ["secret_access_ke", "secretaccesskey", "secret-access-ke", "aws_secret_key"],
    expression:
      /(?:aws_secret_key|secret[_-]?access[_-]?key)[\\"'\s:=>]{1,12}(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/i,
    longest: 75,
    lead: 0,
    judge: ({ secret }) => byForm(secret, {}, undefined, 4),
  },
  token({
    id: "gcp-api-key",
    title: "Google API key",
    prefixes: ["AIza"],
    characters: "\\w-",
    length: 35,
  }),
];
