import { crc32, githubDigits, inBase62 } from "./checksums.ts";
import { base62, type Examples, form, hex } from "./made.ts";

/** A token with the checksum that GitHub and npm put at its end. */
export const checked = (prefix: string): string => {
  const random = base62(30);
  return prefix + random + inBase62(crc32(random), githubDigits);
};

/** Found too where the checksum is wrong, but as less. */
export const checkedForm = (...prefixes: string[]): Examples => {
  const { yes, no } = form(prefixes, base62, 36);
  return { yes: [...prefixes.map(checked), ...yes], no };
};

const fine = (): string => `github_pat_${base62(22)}_${base62(59)}`;

export const sourceHosting: Record<string, Examples> = {
  "github-personal-access-token": checkedForm("ghp_"),
  "github-fine-grained-token": {
    yes: [fine(), `GITHUB_TOKEN=${fine()}`, `https://x:${fine()}@github.com/`],
    no: [
      `github_pat_${base62(82)}`,
      `github_pat_${"x".repeat(22)}_${"x".repeat(59)}`,
      `github_pat_${base62(22)}_${base62(58)}`,
    ],
  },
  "github-oauth-token": checkedForm("gho_"),
  "github-app-token": checkedForm("ghu_", "ghs_"),
  "github-refresh-token": checkedForm("ghr_"),
  "gitlab-personal-access-token": form("glpat-", base62, 20),
  "gitlab-deploy-token": form("gldt-", base62, 20),
  "gitlab-runner-token": form(["glrt-", "glrtr-", "GR1348941"], base62, 20),
  "gitlab-job-token": form(["glcbt-", "glptt-"], base62, 20),
  "gitlab-service-token": form(
    ["glagent-", "glsoat-", "gloas-", "glft-", "glimt-", "glffct-"],
    base62,
    20,
  ),
  "bitbucket-app-password": form("ATBB", base62, 32),
  "atlassian-api-token": form(["ATATT3xFfG", "ATCTT3xFfG"], base62, 160),
  "bitbucket-data-center-token": form("BBDC-", base62, 44),
  "sourcegraph-token": form(["sgp_", "sgp_local_", `sgp_${hex(16)}_`], hex, 40),
  "circleci-token": form([`CCIPAT_${base62(22)}_`, `CCIPRJ_${base62(22)}_`], hex, 40),
  "buildkite-token": form("bkua_", hex, 40),
};
