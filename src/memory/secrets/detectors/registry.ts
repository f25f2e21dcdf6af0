import type { Candidate, Detector, Judgement } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { judgeReferenceToken } from "../validate/artifactory.ts";
import { byBase62Checksum } from "../validate/base62-checksum.ts";
import { byForm } from "../validate/by-form.ts";
import { decodeCredentials } from "../validate/credentials.ts";
import { parseMacaroon } from "../validate/macaroon.ts";
import { mayBePassword } from "../validate/password.ts";

const token = (form: TokenForm): Detector => tokenDetector("registry", form);
const base62 = "A-Za-z0-9";
const hex = "a-f0-9";

export const registry: readonly Detector[] = [
  token({
    id: "npm-access-token",
    title: "npm access token",
    prefixes: ["npm_"],
    characters: base62,
    length: 36,
    judge: (random) => byBase62Checksum(random),
  }),
  token({
    id: "pypi-api-token",
    title: "PyPI API token",
    prefixes: ["pypi-"],
    characters: "\\w-",
    length: [85, 1000],
    judge: judgePypi,
  }),
  token({
    id: "rubygems-api-key",
    title: "RubyGems API key",
    prefixes: ["rubygems_"],
    characters: hex,
    length: 48,
  }),
  token({
    id: "crates-io-token",
    title: "crates.io API token",
    prefixes: ["cio"],
    characters: base62,
    length: 32,
    judge: (random) =>
      /\d/.test(random) && /[a-z]/.test(random) && /[A-Z]/.test(random)
        ? byForm(random, {}, undefined, 3.8)
        : undefined,
  }),
  token({
    id: "nuget-api-key",
    title: "NuGet API key",
    prefixes: ["oy2"],
    characters: "a-z0-9",
    length: 43,
  }),
  token({
    id: "docker-hub-token",
    title: "Docker Hub access token of a person or an organisation",
    prefixes: ["dckr_pat_", "dckr_oat_"],
    characters: "\\w-",
    length: [27, 40],
  }),
  {
    id: "docker-registry-auth",
    title: "Registry login in a Docker or Podman configuration",
    group: "registry",
    severity: "high",
    keywords: ['auth":', 'auth" :', 'auth\\":', 'auth\\\\"'],
    expression: /auth\\{0,3}"\s{0,3}:\s{0,3}\\{0,3}"(?<secret>[A-Za-z0-9+/]{6,4000}={0,2})\\{0,3}"/,
    longest: 4030,
    lead: 0,
    judge: judgeLogin,
  },
  {
    id: "docker-identity-token",
    title: "Registry identity token in a Docker or Podman configuration",
    group: "registry",
    severity: "high",
    keywords: ["identitytoken"],
    expression: /identitytoken\\{0,3}"\s{0,3}:\s{0,3}\\{0,3}"(?<secret>[\w.+/=-]{20,4000})\\{0,3}"/,
    longest: 4040,
    lead: 0,
    judge: ({ secret }) => byForm(secret),
  },
  {
    id: "artifactory-api-key",
    title: "Artifactory API key",
    group: "registry",
    severity: "high",
    keywords: ["akcp"],
    expression: /(?<![A-Za-z0-9+/])AKCp[A-Za-z0-9]{69}(?![A-Za-z0-9+/])/,
    longest: 73,
    lead: 0,
    judge: ({ secret }) => byForm(secret, {}, undefined, 4),
  },
  token({
    id: "artifactory-reference-token",
    title: "Artifactory reference token",
    prefixes: ["cmVmdGtuOj"],
    characters: base62,
    length: [44, 90],
    judge: (random, prefix) => judgeReferenceToken(prefix + random),
  }),
  {
    id: "packagist-token",
    title: "Packagist token",
    group: "registry",
    severity: "high",
    keywords: ["packagist_"],
    expression: /(?<![A-Za-z0-9])packagist_[ou][a-z]{2}_(?<random>[a-f0-9]{68})(?![a-f0-9])/,
    longest: 82,
    lead: 0,
    judge: ({ groups: { random = "" } }) => byForm(random),
  },
  token({
    id: "clojars-token",
    title: "Clojars deploy token",
    prefixes: ["CLOJARS_"],
    characters: "a-z0-9",
    length: 60,
  }),
  {
    id: "quay-robot-token",
    title: "Quay robot account's token",
    group: "registry",
    severity: "high",
    keywords: ["$oauthtoken:", "$app:"],
    expression: /\$(?:oauthtoken|app):(?<secret>[A-Za-z0-9]{32,80})(?![A-Za-z0-9])/,
    longest: 93,
    lead: 0,
    judge: ({ secret }) => byForm(secret),
  },
];

/** A macaroon of PyPI or its test site; another with the same head was cut or invented. */
function judgePypi(random: string): Judgement | undefined {
  const macaroon = parseMacaroon(random);
  if (macaroon === undefined) {
    return /^AgE(?:Ic|Nd)/.test(random)
      ? byForm(random, { structure: "broken" }, "medium")
      : undefined;
  }
  const { location, caveats } = macaroon;
  return { proof: "structure", facts: { location, restrictions: caveats.slice(0, 10) } };
}

/** The password is the same secret when it stands elsewhere as it is. */
function judgeLogin({ secret }: Candidate): Judgement | undefined {
  const login = decodeCredentials(secret);
  if (login === undefined || !mayBePassword(login.password)) return undefined;
  return {
    proof: "structure",
    facts: { user: login.user.slice(0, 100) },
    identity: login.password,
  };
}
