import type { Detector, Judgement } from "../detector.ts";
import { type TokenForm, tokenDetector } from "../token-detector.ts";
import { byBase62Checksum } from "../validate/base62-checksum.ts";
import { byForm } from "../validate/by-form.ts";
import { parseMacaroon } from "../validate/macaroon.ts";

const token = (form: TokenForm): Detector => tokenDetector("registry", form);

export const registry: readonly Detector[] = [
  token({
    id: "npm-access-token",
    title: "npm access token",
    prefixes: ["npm_"],
    characters: "A-Za-z0-9",
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
