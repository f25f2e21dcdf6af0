import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byBase62Checksum } from "../validate/base62-checksum.ts";
import { byForm } from "../validate/by-form.ts";

const token = (form: TokenForm): Detector => tokenDetector("source-hosting", form);
const base62 = "A-Za-z0-9";

export const sourceHosting: readonly Detector[] = [
  token({
    id: "github-personal-access-token",
    title: "GitHub personal access token (classic)",
    prefixes: ["ghp_"],
    characters: base62,
    length: 36,
    judge: (random) => byBase62Checksum(random),
  }),
  token({
    id: "github-fine-grained-token",
    title: "GitHub fine-grained personal access token",
    prefixes: ["github_pat_"],
    characters: "A-Za-z0-9_",
    length: 82,
    judge: (random) => (/^[^_]{22}_[^_]{59}$/.test(random) ? byForm(random) : undefined),
  }),
  token({
    id: "github-oauth-token",
    title: "GitHub OAuth access token",
    prefixes: ["gho_"],
    characters: base62,
    length: 36,
    judge: (random) => byBase62Checksum(random),
  }),
  token({
    id: "github-app-token",
    title: "GitHub App token, of a user or an installation",
    prefixes: ["ghu_", "ghs_"],
    characters: base62,
    length: 36,
    judge: (random) => byBase62Checksum(random),
  }),
  token({
    id: "github-refresh-token",
    title: "GitHub App refresh token",
    prefixes: ["ghr_"],
    characters: base62,
    length: [36, 76],
    judge: (random) => byBase62Checksum(random),
  }),
  token({
    id: "gitlab-personal-access-token",
    title: "GitLab personal, project or group access token",
    prefixes: ["glpat-"],
    characters: "\\w.-",
    length: [20, 300],
  }),
];
