import type { Detector } from "../detector.ts";
import { isServiceAccountToken, judgeWebToken, parseWebToken } from "../validate/jwt.ts";

/** How the headers of web tokens begin in base 64: `{"alg`, `{"typ`, `{"kid` … */
const heads = [
  "eyjhbgci",
  "eyj0exai",
  "eyjraWQi",
  "eyjlbmMi",
  "eyjjdhki",
  "eyj4nxqi",
  "eyj4nxqj",
  "eyjqa3ui",
  "eyjqd2si",
  "eyj2zxii",
  "eyj4nwmi",
  "eyjub25j",
].map((head) => head.toLowerCase());
const expression =
  /(?<![\w-])eyJ[\w-]{14,1500}\.eyJ[\w-]{8,6000}\.(?:[\w-]{16,1400}(?![\w-])|(?![\w-]))/;
const longest = 8910;

export const token: readonly Detector[] = [
  {
    id: "json-web-token",
    title: "JSON web token",
    group: "token",
    severity: "high",
    keywords: heads,
    expression,
    longest,
    lead: 0,
    judge: ({ secret }) => {
      const parsed = parseWebToken(secret);
      return parsed && !isServiceAccountToken(parsed) ? judgeWebToken(parsed) : undefined;
    },
  },
  {
    id: "kubernetes-service-account-token",
    title: "Kubernetes service account token",
    group: "token",
    severity: "high",
    keywords: heads,
    expression,
    longest,
    lead: 0,
    judge: ({ secret }) => {
      const parsed = parseWebToken(secret);
      return parsed && isServiceAccountToken(parsed) ? judgeWebToken(parsed) : undefined;
    },
  },
];
