import type { Detector } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byBase62Checksum } from "../validate/base62-checksum.ts";
import { byForm } from "../validate/by-form.ts";

const token = (form: TokenForm): Detector => tokenDetector("source-hosting", form);
const base62 = "A-Za-z0-9";
const gitlabRandom = { characters: "\\w.-", length: [20, 300] } as const;

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
    ...gitlabRandom,
  }),
  token({
    id: "gitlab-deploy-token",
    title: "GitLab deploy token",
    prefixes: ["gldt-"],
    ...gitlabRandom,
  }),
  token({
    id: "gitlab-runner-token",
    title: "GitLab runner authentication or registration token",
    prefixes: ["glrt-", "glrtr-", "GR1348941"],
    ...gitlabRandom,
  }),
  token({
    id: "gitlab-job-token",
    title: "GitLab CI job or trigger token",
    prefixes: ["glcbt-", "glptt-"],
    ...gitlabRandom,
  }),
  token({
    id: "gitlab-service-token",
    title: "GitLab agent, SCIM, OAuth application, feed or mail token",
    prefixes: ["glagent-", "glsoat-", "gloas-", "glft-", "glimt-", "glffct-"],
    ...gitlabRandom,
  }),
  token({
    id: "bitbucket-app-password",
    title: "Bitbucket app password",
    prefixes: ["ATBB"],
    characters: base62,
    length: 32,
  }),
  token({
    id: "atlassian-api-token",
    title: "Atlassian API token (Jira, Confluence, Bitbucket)",
    prefixes: ["ATATT3xFfG", "ATCTT3xFfG"],
    characters: "\\w=-",
    length: [160, 260],
  }),
  token({
    id: "bitbucket-data-center-token",
    title: "Bitbucket Data Center HTTP access token",
    prefixes: ["BBDC-"],
    characters: "A-Za-z0-9+/",
    length: 44,
  }),
  {
    id: "sourcegraph-token",
    title: "Sourcegraph access token",
    group: "source-hosting",
    severity: "high",
    keywords: ["sgp_"],
    expression: /(?<![A-Za-z0-9])sgp_(?:[a-f0-9]{16}_|local_)?(?<random>[a-f0-9]{40})(?![a-f0-9])/,
    longest: 61,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  {
    id: "circleci-token",
    title: "CircleCI token of a person or a project",
    group: "source-hosting",
    severity: "high",
    keywords: ["ccipat_", "cciprj_"],
    expression:
      /(?<![A-Za-z0-9])CCI(?:PAT|PRJ)_[A-Za-z0-9]{22}_(?<random>[a-f0-9]{40})(?![a-f0-9])/,
    longest: 70,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  token({
    id: "buildkite-token",
    title: "Buildkite API access token",
    prefixes: ["bkua_"],
    characters: "a-f0-9",
    length: 40,
  }),
];
