import type { Detector } from "../detector.ts";
import { byForm } from "../validate/by-form.ts";

export const chat: readonly Detector[] = [
  {
    id: "slack-token",
    title: "Slack token of a bot, a user or an app",
    group: "chat",
    severity: "high",
    keywords: ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xoxe.xox", "xapp-"],
    expression:
      /(?<![A-Za-z0-9])(?<kind>xox[abeprs]|xoxe\.xox[bp]|xapp)-(?<random>[A-Za-z0-9-]{20,250})(?![A-Za-z0-9-])/,
    longest: 270,
    lead: 0,
    judge: ({ groups: { kind, random = "" } }) =>
      /\d/.test(random) ? byForm(random, { kind: kind ?? "" }, undefined, 2.8) : undefined,
  },
  {
    id: "slack-webhook",
    title: "Slack incoming webhook",
    group: "chat",
    severity: "high",
    keywords: ["hooks.slack.com/"],
    expression:
      /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[A-Za-z0-9]{8,14}\/[A-Za-z0-9]{8,24}\/[A-Za-z0-9]{18,64})(?![A-Za-z0-9])/,
    longest: 140,
    lead: 0,
    judge: ({ secret }) => byForm(secret),
  },
];
