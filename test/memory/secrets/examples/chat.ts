import { Buffer } from "node:buffer";
import { crc32, inBase62, synapseDigits } from "./checksums.ts";
import { base62, digits, type Examples, form, hex, letters, named, upper, uuid } from "./made.ts";

const bot = (): string =>
  `${Buffer.from(`1${digits(17)}`)
    .toString("base64")
    .replaceAll("=", "")}.${base62(6)}.${base62(38)}`;
const slackHook = (): string =>
  `https://hooks.slack.com/services/T${upper(9)}/B${upper(9)}/${base62(24)}`;
const discordHook = (): string => `https://discord.com/api/webhooks/${digits(18)}/${base62(68)}`;
const teams = (): string =>
  `https://a.webhook.office.com/webhookb2/${uuid()}@${uuid()}/IncomingWebhook/${hex(32)}/${uuid()}`;
const telegram = (): string => `7${digits(9)}:AA${base62(33)}`;
const matrix = (): string => {
  const body = `syt_${Buffer.from("alice").toString("base64url")}_${letters(20)}`;
  return `${body}_${inBase62(crc32(body), synapseDigits)}`;
};

export const chat: Record<string, Examples> = {
  "slack-token": {
    yes: ["xoxb-", "xoxp-", "xoxa-", "xoxe.xoxp-", "xapp-"].map(
      (head) => `${head}${digits(12)}-${digits(12)}-${base62(24)}`,
    ),
    no: [
      "xoxb-",
      `xoxb-${"x".repeat(40)}`,
      `Zxoxb-${digits(12)}-${base62(24)}`,
      "xoxb-not-a-token-at-all-here",
    ],
  },
  "slack-webhook": {
    yes: [slackHook(), `SLACK_URL=${slackHook()}\n`, `"url":"${slackHook()}"`],
    no: [
      "https://hooks.slack.com/services/",
      "https://hooks.slack.com/services/TXXXXXXXX/BXXXXXXXX/XXXXXXXXXXXXXXXXXXXXXXXX",
      "https://hooks.slack.com/services/T/B/x",
    ],
  },
  "discord-bot-token": {
    yes: [
      `DISCORD_TOKEN=${bot()}`,
      `Authorization: Bot ${bot()}\r\n`,
      `"discord_bot_token": "${bot()}"`,
    ],
    no: [
      `OTHER=${bot()}`,
      "discord token",
      `DISCORD_TOKEN=M${"x".repeat(23)}.${base62(6)}.${base62(38)}`,
    ],
  },
  "discord-webhook": {
    yes: [discordHook(), `"${discordHook()}"`, discordHook().replace("discord.", "discordapp.")],
    no: [
      "https://discord.com/api/webhooks/",
      `https://discord.com/api/webhooks/1/${base62(68)}`,
      `https://discord.com/api/webhooks/${digits(18)}/${"x".repeat(68)}`,
    ],
  },
  "telegram-bot-token": {
    yes: [telegram(), `https://api.telegram.org/bot/${telegram()}/x`, `TOKEN=${telegram()}\n`],
    no: ["fe80::aa:bb", `1:AA${base62(33)}`, `7${digits(9)}:AA${"x".repeat(33)}`],
  },
  "teams-webhook": {
    yes: [teams(), `"${teams()}"`, `URL=${teams()}\n`],
    no: [
      "https://a.webhook.office.com/webhookb2/",
      "https://webhook.office.com/",
      `https://a.webhook.office.com/webhookb2/${uuid()}@${uuid()}`,
    ],
  },
  "twilio-auth-token": named(["twilio_auth_token", "twilio_api_key_secret"], () => hex(32)),
  "sendgrid-api-key": {
    yes: [
      `SG.${base62(22)}.${base62(43)}`,
      `"SG.${base62(22)}.${base62(43)}"`,
      `K=SG.${base62(22)}.${base62(43)}\n`,
    ],
    no: [
      "msg.length",
      `MSG.${base62(22)}.${base62(43)}`,
      `SG.${"x".repeat(22)}.${"x".repeat(43)}`,
      `SG.${base62(22)}.${base62(42)}`,
    ],
  },
  "mailgun-api-key": form("key-", hex, 32),
  "mailgun-private-key": named("mailgun_api_key", () => `${hex(32)}-${hex(8)}-${hex(8)}`),
  "mailchimp-api-key": {
    yes: [`${hex(32)}-us1`, `"apikey": "${hex(32)}-us19"`, `MAILCHIMP=${hex(32)}-us6\n`],
    no: ["en-us1", `${hex(31)}-us1`, `${"0".repeat(32)}-us1`],
  },
  "brevo-api-key": {
    yes: [
      `xkeysib-${hex(64)}-${base62(16)}`,
      `"xsmtpsib-${hex(64)}-${base62(16)}"`,
      `K=xkeysib-${hex(64)}-${base62(16)}\n`,
    ],
    no: [
      "xkeysib-",
      `xkeysib-${hex(63)}-${base62(16)}`,
      `xkeysib-${"0".repeat(64)}-${"x".repeat(16)}`,
    ],
  },
  "matrix-access-token": {
    yes: [matrix(), `access_token=${matrix()}`, `syt_YWxpY2U_${letters(20)}_${base62(6)}`],
    no: ["syt_", `syt_YWxpY2U_${letters(19)}_${base62(6)}`, `syt_YWxpY2U_${"x".repeat(20)}_xxxxxx`],
  },
  "linear-api-key": form(["lin_api_", "lin_oauth_"], base62, 40),
  "notion-token": form("ntn_", base62, 43),
  "figma-token": form("figd_", base62, 36),
};
