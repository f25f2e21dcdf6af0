import { contextDetector } from "../context-detector.ts";
import type { Detector } from "../detector.ts";
import { tokenDetector } from "../token-detector.ts";
import { awsAccount } from "../validate/aws-key-id.ts";
import { byForm } from "../validate/by-form.ts";

export const aws: readonly Detector[] = [
  tokenDetector("cloud", {
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
  contextDetector("cloud", {
    id: "aws-secret-access-key",
    title: "AWS secret access key",
    names: ["secret_access_key", "secretaccesskey", "secret-access-key", "aws_secret_key"],
    value: "[A-Za-z0-9/+]{40}",
    longest: 40,
    bits: 4,
  }),
  contextDetector("cloud", {
    id: "aws-session-token",
    title: "AWS session token, good for hours",
    names: ["session_token", "sessiontoken", "security_token", "security-token"],
    value: "[A-Za-z0-9/+]{100,2000}={0,2}",
    longest: 2002,
    bits: 4.5,
  }),
];
