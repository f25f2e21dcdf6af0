import { contextDetector } from "../context-detector.ts";
import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byForm } from "../validate/by-form.ts";
import { judgeDiscordToken } from "../validate/discord.ts";
import { judgeMatrixToken } from "../validate/matrix.ts";

const token = (form: TokenForm): Detector => tokenDetector("chat", form);

export const chat: readonly Detector[] = [
  {
    id: "slack-token",
    title: "Slack token of a bot, a user or an app",
    group: "chat",
    severity: "high",
    keywords: ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xoxe.xox", "xapp-"],
    expression:
      /(?<![A-Za-z0-9.])(?<kind>xox[abeprs]|xoxe\.xox[bp]|xapp)-(?<random>[A-Za-z0-9-]{20,250})(?![A-Za-z0-9-])/,
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
  {
    id: "discord-bot-token",
    title: "Discord bot token",
    group: "chat",
    severity: "high",
    keywords: ["discord", "bot m", "bot n", "bot o"],
    expression:
      /(?:discord[\w.-]{0,24}[\\"'\s:=>]{1,12}|bot )(?<secret>[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,40})(?![\w-])/i,
    longest: 120,
    lead: 0,
    judge: ({ secret }) => judgeDiscordToken(secret),
  },
  {
    id: "discord-webhook",
    title: "Discord webhook",
    group: "chat",
    severity: "high",
    keywords: ["discord.com/api/", "discordapp.com/api/"],
    expression:
      /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/(?<secret>\d{17,20}\/[\w-]{60,80})(?![\w-])/,
    longest: 140,
    lead: 0,
    judge: ({ secret }) => byForm(secret),
  },
  {
    id: "telegram-bot-token",
    title: "Telegram bot token",
    group: "chat",
    severity: "high",
    keywords: [":aa"],
    expression: /(?<![\w:])\d{8,10}:(?<random>AA[\w-]{33})(?![\w-])/,
    longest: 46,
    lead: 10,
    judge: ({ groups: { random = "" } }) => byForm(random, {}, undefined, 3.8),
  },
  {
    id: "teams-webhook",
    title: "Microsoft Teams incoming webhook",
    group: "chat",
    severity: "high",
    keywords: [".webhook.office.com/"],
    expression:
      /\.webhook\.office\.com\/webhookb2\/(?<secret>[a-f0-9-]{36}@[a-f0-9-]{36}\/IncomingWebhook\/[a-f0-9]{32}\/[\w-]{36,80})/i,
    longest: 240,
    lead: 0,
    judge: ({ secret }) => byForm(secret),
  },
  contextDetector("chat", {
    id: "twilio-auth-token",
    title: "Twilio auth token or API key secret",
    names: [
      "twilio_auth_token",
      "twilioauthtoken",
      "twilio_token",
      "twilio_api_secret",
      "twilio_api_key_secret",
    ],
    value: "(?:[a-f0-9]{32}|[A-Za-z0-9]{32})",
    longest: 32,
  }),
  {
    id: "sendgrid-api-key",
    title: "SendGrid API key",
    group: "chat",
    severity: "high",
    keywords: ["sg."],
    expression: /(?<![\w.])SG\.(?<random>[\w-]{22}\.[\w-]{43})(?![\w-])/,
    longest: 69,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random, {}, undefined, 4),
  },
  token({
    id: "mailgun-api-key",
    title: "Mailgun API key of the first form",
    prefixes: ["key-"],
    characters: "a-f0-9",
    length: 32,
  }),
  contextDetector("chat", {
    id: "mailgun-private-key",
    title: "Mailgun private API key",
    names: ["mailgun_api_key", "mailgun_key", "mailgun_private_key", "mailgun_sending_key"],
    value: "[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}",
    longest: 50,
  }),
  {
    id: "mailchimp-api-key",
    title: "Mailchimp API key",
    group: "chat",
    severity: "high",
    keywords: ["-us1", "-us2", "-us3", "-us4", "-us5", "-us6", "-us7", "-us8", "-us9"],
    expression: /(?<![\w-])(?<random>[a-f0-9]{32})-us\d{1,2}(?![\w-])/,
    longest: 37,
    lead: 32,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  {
    id: "brevo-api-key",
    title: "Brevo (Sendinblue) API or SMTP key",
    group: "chat",
    severity: "high",
    keywords: ["xkeysib-", "xsmtpsib-"],
    expression:
      /(?<![A-Za-z0-9])x(?:key|smtp)sib-(?<random>[a-f0-9]{64}-[A-Za-z0-9]{16})(?![A-Za-z0-9])/,
    longest: 90,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  {
    id: "matrix-access-token",
    title: "Matrix (Synapse) access token",
    group: "chat",
    severity: "high",
    keywords: ["syt_"],
    expression:
      /(?<![A-Za-z0-9])syt_[A-Za-z0-9+/-]{2,120}_[A-Za-z]{20}_[A-Za-z0-9]{6}(?![A-Za-z0-9])/,
    longest: 152,
    lead: 0,
    judge: ({ secret }) => judgeMatrixToken(secret),
  },
  token({
    id: "linear-api-key",
    title: "Linear API key or OAuth token",
    prefixes: ["lin_api_", "lin_oauth_"],
    characters: "A-Za-z0-9",
    length: [40, 64],
  }),
  token({
    id: "notion-token",
    title: "Notion integration token",
    prefixes: ["ntn_"],
    characters: "A-Za-z0-9",
    length: [43, 52],
  }),
  token({
    id: "figma-token",
    title: "Figma personal access token",
    prefixes: ["figd_"],
    characters: "\\w-",
    length: [36, 50],
  }),
];
