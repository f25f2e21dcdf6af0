import type { Candidate, Detector, Judgement } from "../detector.ts";
import { byForm } from "../validate/by-form.ts";
import { judgeConnection } from "../validate/connection.ts";
import { decodeCredentials } from "../validate/credentials.ts";
import { isServiceAccountToken, judgeWebToken, parseWebToken } from "../validate/jwt.ts";
import { mayBePassword } from "../validate/password.ts";

const group = "token";
/** How headers of web tokens begin in base 64: `{"alg`, `{"typ`, `{"kid` and others, without case. */
const heads = [
  "eyjhbgci",
  "eyj0exai",
  "eyjrawqi",
  "eyjlbmmi",
  "eyjjdhki",
  "eyj4nxqi",
  "eyj4nxqj",
  "eyjqa3ui",
  "eyjqd2si",
  "eyj2zxii",
  "eyj4nwmi",
  "eyjub25j",
];
const webToken =
  /(?<![\w-])eyJ[\w-]{14,1500}\.eyJ[\w-]{8,6000}\.(?:[\w-]{16,1400}(?![\w-])|(?![\w-]))/;
const longestWebToken = 8910;

export const token: readonly Detector[] = [
  {
    id: "kubernetes-service-account-token",
    title: "Kubernetes service account token",
    group,
    severity: "high",
    keywords: heads,
    expression: webToken,
    longest: longestWebToken,
    lead: 0,
    judge: ({ secret }) => {
      const parsed = parseWebToken(secret);
      return parsed && isServiceAccountToken(parsed) ? judgeWebToken(parsed) : undefined;
    },
  },
  {
    id: "json-web-token",
    title: "JSON web token",
    group,
    severity: "high",
    keywords: heads,
    expression: webToken,
    longest: longestWebToken,
    lead: 0,
    judge: ({ secret }) => {
      const parsed = parseWebToken(secret);
      return parsed && !isServiceAccountToken(parsed) ? judgeWebToken(parsed) : undefined;
    },
  },
  {
    id: "basic-auth-url",
    title: "URL with a user and a password",
    group,
    severity: "high",
    keywords: [
      "http://",
      "https://",
      "ftp://",
      "ftps://",
      "sftp://",
      "ssh://",
      "git://",
      "socks5://",
      "socks5h://",
      "svn://",
      "rtsp://",
      "imap://",
      "imaps://",
      "ws://",
      "wss://",
    ],
    expression:
      /(?<scheme>https?|s?ftps?|ssh|git|socks5h?|svn|rtsp|imaps?|wss?):\/\/(?<user>[!$-&(-.0-9;=A-[\]-~]{0,64}):(?<secret>[!$-&(-.0-;=A-[\]-~]{1,200})@(?<host>[A-Za-z0-9[][\w.[\]-]{1,200})/i,
    longest: 490,
    lead: 0,
    judge: judgeConnection,
  },
  {
    id: "http-basic-authorization",
    title: "User and password in an HTTP header",
    group,
    severity: "high",
    keywords: ["basic "],
    expression: /(?<![\w-])basic (?<secret>[A-Za-z0-9+/]{6,600}={0,2})(?![\w+/=-])/i,
    longest: 608,
    lead: 0,
    judge: judgeBasic,
  },
  {
    id: "http-bearer-token",
    title: "Bearer token in an HTTP header",
    group,
    severity: "high",
    keywords: ["bearer "],
    expression: /(?<![\w-])bearer (?<secret>[\w.~+/-]{20,2000}={0,2})(?![\w.~+/=-])/i,
    longest: 2010,
    lead: 0,
    judge: ({ secret }) => (isMixed(secret) ? byForm(secret) : undefined),
  },
  {
    id: "oauth-refresh-token",
    title: "OAuth or OIDC refresh token",
    group,
    severity: "high",
    keywords: ["refresh_token", "refresh-token", "refreshtoken"],
    expression:
      /refresh[_-]?token\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?(?<secret>[\w.~+/-]{20,2000}={0,2})(?![\w.~+/=(-])/i,
    longest: 2040,
    lead: 0,
    judge: ({ secret }) => (isMixed(secret) ? byForm(secret) : undefined),
  },
  {
    id: "one-time-password-secret",
    title: "Secret of one-time passwords (otpauth://)",
    group,
    severity: "high",
    keywords: ["otpauth://"],
    expression:
      /otpauth:\/\/(?:totp|hotp)\/[^\s"'<>?]{0,120}\?[\w=&%.:@+-]{0,120}?secret=(?<secret>[A-Z2-7]{16,128})(?:=|%3D){0,6}/i,
    longest: 420,
    lead: 0,
    judge: ({ secret }) => byForm(secret, {}, undefined, 2.8),
  },
];

/** Letters and digits in turn, as in what chance made: words, paths and versions are none. */
function isMixed(secret: string): boolean {
  return (secret.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0) >= 3;
}

/** The password is the same secret when it stands elsewhere as it is. */
function judgeBasic({ secret }: Candidate): Judgement | undefined {
  const login = decodeCredentials(secret);
  if (login === undefined || login.user === "" || !mayBePassword(login.password)) return undefined;
  return {
    proof: "structure",
    facts: { user: login.user.slice(0, 100) },
    identity: login.password,
  };
}
